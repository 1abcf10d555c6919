// Every kind of page there is: how to come to it, and what it is called.
import assert from "node:assert/strict";
import { open, signIn } from "./browser.mjs";

// at opens an address, which answers with a status.
const at = (path, status = 200) => async (page) => assert.equal((await open(page, path)).status(), status, path);

// makeToken makes a token for the signed-in user and stays on the page that shows it.
export async function makeToken(page, name, scopes = ["publish-update"]) {
  await open(page, "/account/tokens");
  await page.getByLabel("Name", { exact: true }).fill(name);
  for (const scope of scopes) await page.getByRole("checkbox", { name: scope }).check();
  await page.getByRole("button", { name: "Make the token" }).click();
  await page.locator("#token").waitFor();
}

export const everybody = {
  "home": at("/"),
  "search results": at("/search?q=index&pg_version=17&platform=linux/amd64"),
  "a further page of results": async (page) => {
    await open(page, "/search");
    await page.getByRole("link", { name: "Next page" }).click();
    await page.getByRole("link", { name: "First page" }).waitFor();
  },
  "a search for a wrong spelling": at("/search?q=pgvectr&pg_version=18"),
  "no results": at("/search?q=pgvector&license=ISC&platform=linux/arm64"),
  "categories": at("/categories"),
  "a category": at("/categories/orchestration"),
  "an owner": at("/users/dev"),
  "a project": at("/extensions/pgvector?pg_version=17"),
  "a project with a long README": at("/extensions/timetable"),
  "a project without the build": at("/extensions/timetable?pg_version=14&platform=linux/arm64"),
  "a project that is withdrawn": at("/extensions/withdrawn_whole"),
  "a deprecated project": at("/extensions/outdated"),
  "a version": at("/extensions/timetable/1.2.0"),
  "a yanked version": at("/extensions/timetable/1.1.0"),
  "the guide": at("/publish"),
  "the rule of health": at("/project-health"),
  statistics: at("/stats"),
  "problems": at("/problems"),
  "a problem": at("/problems/route_unknown"),
  "following something": at("/follow/projects/pgvector?pg_version=17"),
  "following, in error": async (page) => {
    await open(page, "/follow/categories/orchestration");
    await page.getByLabel("Your mail address").fill("alice@localhost");
    await page.getByRole("button", { name: "Follow", exact: true }).click();
    await page.getByRole("alert").waitFor();
  },
  "look into your mail": at("/follow/sent"),
  "the link to what is followed": at("/follow"),
  "a link that is no good": at("/follow/confirm?t=x", 400),
  "not found": at("/extensions/pgvectr", 404),
  "nowhere": at("/nothing/like/this", 404),
  "signed out": at("/account"),
};

export const owners = {
  "tokens": at("/account/tokens"),
  "a form in error": async (page) => {
    await open(page, "/account/tokens");
    await page.getByLabel("Name", { exact: true }).fill("wrong");
    await page.getByRole("checkbox", { name: "publish-update" }).check();
    await page.getByLabel("Projects", { exact: true }).fill("no/such!name");
    await page.getByRole("button", { name: "Make the token" }).click();
    await page.getByRole("alert").waitFor();
  },
  "a token": (page) => makeToken(page, "shown"),
  "revoking": async (page) => {
    await open(page, "/account/tokens");
    await page.getByRole("link", { name: /^Revoke/ }).first().click();
    await page.getByRole("button", { name: "Revoke it" }).waitFor();
  },
  "own projects": at("/account/projects"),
  "an own project": at("/account/projects/timetable"),
  "yanking": at("/account/projects/timetable/versions/1.0.0/yank"),
  "deprecating": at("/account/projects/timetable/deprecate"),
  "following with an account": at("/account/follow/projects/timetable"),
  "what is followed": async (page) => {
    await open(page, "/account/follow/projects/pgvector");
    await page.getByRole("button", { name: "Follow", exact: true }).click();
    await page.getByRole("button", { name: "Stop all letters" }).waitFor();
  },
  "no invitations": at("/account/invitations"),
};

export const invited = { "invitations": at("/account/invitations") };

// each calls a function with a page of every kind, signed in where the kind asks for it. Another browser is opened for each
// of the people.
export const people = [
  { who: "somebody", kinds: everybody, enter: async () => {} },
  { who: "an owner", kinds: owners, enter: (page) => signIn(page, "dev") },
  { who: "somebody invited", kinds: invited, enter: (page) => signIn(page, "carol") },
];
