// Starts Swagger UI on the contract of this registry. In a file of its own, since the policy of the page allows no inline script.
"use strict";

// Swagger UI has a dark theme under a class; it follows the system here, as every other page does.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
follow();
dark.addEventListener("change", follow);

// Swagger UI fills every example in and sends it. An example of what may be left out is a hint: all of them together, the
// cursor of another question included, ask for nothing that is there. So what must be given is filled in, and no more.
function fillOnlyWhatIsRequired(value) {
  if (Array.isArray(value)) {
    value.forEach(fillOnlyWhatIsRequired);
  } else if (value && typeof value === "object") {
    if (value.in === "query" && value.schema && !value.required && "example" in value) {
      value.schema = { ...value.schema, examples: [value.example] };
      delete value.example;
    }
    Object.values(value).forEach(fillOnlyWhatIsRequired);
  }
  return value;
}
const optionalStaysOptional = () => ({
  statePlugins: {
    spec: { wrapActions: { updateJsonSpec: (update) => (contract) => update(fillOnlyWhatIsRequired(structuredClone(contract))) } },
  },
});

// The registry reads a publication as it comes, and has to know what it is before the archive; Swagger UI sends the parts in
// the order in which they were filled in.
function metadataFirst(request) {
  if (request.body instanceof FormData && request.body.has("metadata")) {
    const ordered = new FormData();
    for (const part of request.body.getAll("metadata")) ordered.append("metadata", part);
    for (const [name, part] of request.body) if (name !== "metadata") ordered.append(name, part);
    request.body = ordered;
  }
  return request;
}

SwaggerUIBundle({
  dom_id: "#swagger-ui",
  // Relative, so that the page works below a base path such as /platform/linux-arm64 too. The YAML and not the JSON,
  // because it keeps the order in which the contract was written: the parts of a multipart body are sent in it.
  url: new URL("../api-docs/openapi.yaml", document.baseURI).href,
  plugins: [optionalStaysOptional],
  requestInterceptor: metadataFirst,
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
