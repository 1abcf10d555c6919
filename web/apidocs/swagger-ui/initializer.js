// Starts Swagger UI on the contract of this registry. In a file of its own, since the policy of the page allows no inline script.
"use strict";

// Swagger UI has a dark theme under a class; it follows the system here, as every other page does.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
follow();
dark.addEventListener("change", follow);

SwaggerUIBundle({
  dom_id: "#swagger-ui",
  // Relative, so that the page works below a base path such as /platform/linux-arm64 too. The YAML and not the JSON,
  // because it keeps the order in which the contract was written: the parts of a multipart body are sent in it.
  url: new URL("../api-docs/openapi.yaml", document.baseURI).href,
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  // Nothing leaves for a third party: no validator badge. No token is kept after the page is closed.
  validatorUrl: null,
  persistAuthorization: false,
});
