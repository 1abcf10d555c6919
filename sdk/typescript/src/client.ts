import { type CallOptions, Connection, checkedBaseUrl, environment, userAgent } from './connection.js';
import { TrunkError } from './errors.js';
import { createClient } from './generated/client/index.js';
import { Operations } from './generated/sdk.gen.js';
import type {
  AuditEntry,
  Category,
  Contents,
  Event,
  GetContentsData,
  GetProjectDownloadsData,
  Invitation,
  InvitationRequest,
  ListAuditEntriesData,
  ListEventsData,
  ListTrendingData,
  Me,
  Metadata,
  NewToken,
  Platform,
  ProjectDownloads,
  ProjectHealth,
  ProjectOwner,
  ProjectState,
  ProjectStats,
  ProjectVersion,
  RegistryStats,
  SearchData,
  SearchItem,
  Subscription,
  SubscriptionAsked,
  SubscriptionRequest,
  Suggestion,
  Token,
  TokenRequest,
  Trending,
  VersionState,
} from './generated/types.gen.js';
import { artefact, type Resolved, resolved } from './resolved.js';
import type { Retry } from './retry.js';
import * as transfers from './transfers.js';

/** How a client works. */
export interface ClientOptions {
  /** An API token; that of the environment variable `TRUNK_API_TOKEN` where there is one, and none where it is empty. */
  token?: string;
  /** How many seconds the registry may be silent: until it answers, and between two pieces of a body. 30, and 0 for ever. */
  timeout?: number;
  /** How often a request is sent again that is safe to repeat: a number, or all that can be said of it. */
  retry?: number | Retry;
  /** The name and version of your program, such as `image-builder/2.1`, for the User-Agent. */
  userAgent?: string;
  /** What sends requests, in place of the platform's `fetch`. */
  fetch?: typeof fetch;
}

/** A part of a list, and where it goes on. */
export interface Page<Item> {
  items: readonly Item[];
  next_cursor?: string | null;
}

/** How a list is walked. */
export interface ListOptions extends CallOptions {
  /** How many are asked for at once. */
  pageSize?: number;
}

type Filters<Query> = Omit<NonNullable<Query>, 'cursor' | 'limit' | 'since' | 'q'> & ListOptions;

/** What a search asks for besides words. */
export type SearchOptions = Filters<SearchData['query']>;

/** Which changes are asked for. */
export type AuditOptions = Filters<ListAuditEntriesData['query']>;

/** Which events are asked for. */
export type EventsOptions = Filters<ListEventsData['query']>;

/** Which downloads are counted, and how. */
export type DownloadsOptions = NonNullable<GetProjectDownloadsData['query']> & CallOptions;

/** Which build's archive is meant. */
export type ContentsOptions = NonNullable<GetContentsData['query']> & CallOptions & { version?: string };

/** Which projects grow. */
export type TrendingOptions = NonNullable<ListTrendingData['query']> & CallOptions;

/** Which build is wanted. */
export interface ResolveOptions extends CallOptions {
  /** `linux/amd64` by default. */
  platform?: Platform;
  /** The project's version; `latest` by default. */
  version?: string;
}

/** What is to be told of, and how. */
export type FollowOptions = Omit<SubscriptionRequest, 'email'> & CallOptions;

/**
 * A registry, for programs.
 *
 * Every method takes a `signal`, which ends it at once, and a `timeout` in seconds in place of the client's. What goes wrong is
 * a {@link TrunkError}; a signal's end is its own reason. What is safe to repeat is repeated, as {@link Retry} says.
 *
 * What is sent and answered has the names of the contract; what belongs to the client is written as in TypeScript.
 */
export class TrunkClient {
  /**
   * Every operation of the contract, by the same connection: with the token, attempts and timeouts of the client. It gives what
   * was answered and throws what went wrong. Pages for people are had with `headers: { Accept: 'text/html' }`.
   */
  readonly api: Operations;
  readonly #connection: Connection;

  /** Makes a client of the registry at an address such as `https://pgtrunk.io`, or below a path of it. */
  constructor(baseUrl: string | URL, options: ClientOptions = {}) {
    this.#connection = new Connection(
      checkedBaseUrl(baseUrl),
      options.token ?? environment('TRUNK_API_TOKEN'),
      options.timeout ?? 30,
      typeof options.retry === 'number' ? { retries: options.retry } : (options.retry ?? {}),
      userAgent(options.userAgent),
      options.fetch,
    );
    const client = createClient({
      baseUrl: this.#connection.baseUrl,
      fetch: this.#connection.fetch(),
      responseStyle: 'data',
      throwOnError: true,
    });
    client.interceptors.error.use((error) => (error instanceof SyntaxError ? unexpected(error) : error));
    this.api = new Operations({ client });
  }

  /** The address of the registry, without a slash at its end. */
  get baseUrl(): string {
    return this.#connection.baseUrl;
  }

  /**
   * Every item of a list with a cursor, page after page.
   *
   * @param page Asks for the page of a cursor, such as
   *   `(cursor) => client.api.listInvitations({ path: { name: 'pgmq' }, query: { cursor } })`.
   */
  async *paginate<Item>(page: (cursor: string | undefined) => Promise<Page<Item>>): AsyncGenerator<Item, void, void> {
    let cursor: string | undefined;
    do {
      const answer = await json(page(cursor));
      yield* answer.items;
      cursor = answer.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }

  // Finding.

  /** The projects that fit a question and filters, all of them where there is no question. */
  search(q = '', options: SearchOptions = {}): AsyncGenerator<SearchItem, void, void> {
    const { signal, timeout, pageSize: limit = 100, ...filters } = options;
    const how = this.#how({ signal, timeout });
    return this.paginate((cursor) => this.api.search({ ...how, query: { q, ...filters, limit, cursor } }));
  }

  /** What somebody who types may mean, eight at most. */
  async suggest(q: string, options: CallOptions = {}): Promise<Suggestion[]> {
    return (await json(this.api.suggest({ ...this.#how(options), query: { q } }))).items;
  }

  /** The latest version of every project, by name. */
  projects(options: CallOptions = {}): Promise<ProjectVersion[]> {
    return json(this.api.listProjects(this.#how(options)));
  }

  /** The versions of a project, ascending; none for one that is not there. With `all`, pre-releases and the like too. */
  project(name: string, options: CallOptions & { all?: boolean } = {}): Promise<ProjectVersion[]> {
    return json(
      this.api.getProject({ ...this.#how(options), path: { name: part(name) }, query: { all: options.all } }),
    );
  }

  /** One version of a project, yanked or not; null where there is none. */
  async version(name: string, version: string, options: CallOptions = {}): Promise<ProjectVersion | null> {
    const path = { name: part(name), version: part(version) };
    return (await json(this.api.getProjectVersion({ ...this.#how(options), path })))[0] ?? null;
  }

  /** The versions of the project that provides the extension of that name, as in `CREATE EXTENSION`, ascending. */
  extensionProjects(extension: string, options: CallOptions & { all?: boolean } = {}): Promise<ProjectVersion[]> {
    const query = { 'extension-name': extension, all: options.all };
    return json(this.api.listProjects({ ...this.#how(options), query }));
  }

  /** How a project is kept: facts, and one word that follows from them. */
  health(name: string, options: CallOptions = {}): Promise<ProjectHealth> {
    return json(this.api.getProjectHealth({ ...this.#how(options), path: { name: part(name) } }));
  }

  /** What an archive holds, file by file. */
  contents(name: string, options: ContentsOptions = {}): Promise<Contents> {
    const { signal, timeout, version = 'latest', ...query } = options;
    const path = { name: part(name), version: part(version) };
    return json(this.api.getContents({ ...this.#how({ signal, timeout }), path, query }));
  }

  /** The README of a project, as it was written. */
  readme(name: string, options: CallOptions = {}): Promise<string> {
    return this.api.getReadme({ ...this.#how(options), path: { name: part(name) }, parseAs: 'text' });
  }

  /** The categories, featured ones first. */
  categories(options: CallOptions = {}): Promise<Category[]> {
    return json(this.api.listCategories(this.#how(options)));
  }

  // Downloading.

  /**
   * The build of a project or an extension for a PostgreSQL major and a platform. Where there is none, the error's code says
   * why, such as `artefact_unknown`, and its sentence what there is.
   */
  async resolve(name: string, pgVersion: number, options: ResolveOptions = {}): Promise<Resolved> {
    const { platform = 'linux/amd64', version = 'latest' } = options;
    const link = await this.api.getDownloadAddress({
      ...this.#how(options),
      path: { name: part(name), version: part(version) },
      query: { pg_version: pgVersion, platform },
      parseAs: 'text',
    });
    const found = artefact(link.trim());
    const path = { name: found.project, version: found.version };
    return resolved(link.trim(), await json(this.api.getProjectVersion({ ...this.#how(options), path })));
  }

  /**
   * Downloads an archive to a file, in place of what is there, once its SHA-256 was found to be right; nothing is left behind
   * in every other case. Not in browsers.
   *
   * @throws {@link DigestMismatch} What came are other bytes than were published.
   * @throws {@link DownloadTooLarge} It is larger than `maxBytes`.
   */
  download(build: Resolved, path: string | URL, options: transfers.DownloadOptions = {}): Promise<void> {
    return transfers.download(this.#connection, build, path, options);
  }

  /** Downloads an archive into memory, with the same checks, for where there are no files. */
  fetchArchive(build: Resolved, options: transfers.DownloadOptions = {}): Promise<Blob> {
    return transfers.fetchArchive(this.#connection, build, options);
  }

  // Publishing.

  /**
   * Publishes an archive, and gives the registry's word for it. The same bytes again are taken as success; other bytes for the
   * same version, PostgreSQL major and platform are refused with the code `artefact_exists`.
   *
   * @param archive The path of a `.tar.gz` (not in browsers), a `Blob`, or a stream of bytes. It is read while it is sent. A
   *   path and a `Blob` are sent again where that helps. In browsers a `Blob` is sent without a timeout.
   */
  publish(metadata: Metadata, archive: transfers.Archive, options: CallOptions = {}): Promise<string> {
    return transfers.publish(this.#connection, metadata, archive, options);
  }

  /** Withdraws a version: nobody gets it any more without naming it. */
  yank(
    project: string,
    version: string,
    reason: string,
    options: CallOptions & { replacement?: string } = {},
  ): Promise<VersionState> {
    const path = { name: part(project), version: part(version) };
    const body = { reason, replacement: options.replacement };
    return json(this.api.yankVersion({ ...this.#again(options), path, body }));
  }

  /** Takes a withdrawal back. */
  unyank(project: string, version: string, options: CallOptions = {}): Promise<VersionState> {
    const path = { name: part(project), version: part(version) };
    return json(this.api.unyankVersion({ ...this.#again(options), path }));
  }

  /** Says that a project should not be used any more, why, and what to use instead. */
  deprecate(project: string, message: string, options: CallOptions = {}): Promise<ProjectState> {
    return json(
      this.api.deprecateProject({ ...this.#again(options), path: { name: part(project) }, body: { message } }),
    );
  }

  /** Takes a deprecation back. */
  undeprecate(project: string, options: CallOptions = {}): Promise<ProjectState> {
    return json(this.api.undeprecateProject({ ...this.#again(options), path: { name: part(project) } }));
  }

  /** Who owns a project. */
  async owners(project: string, options: CallOptions = {}): Promise<ProjectOwner[]> {
    return (await json(this.api.listOwners({ ...this.#how(options), path: { name: part(project) } }))).items;
  }

  /** Asks somebody to own a project; with `transfer`, in your place. */
  inviteOwner(
    project: string,
    user: string,
    options: CallOptions & Omit<InvitationRequest, 'user'> = {},
  ): Promise<Invitation> {
    const body = { user, transfer: options.transfer };
    return json(this.api.inviteOwner({ ...this.#how(options), path: { name: part(project) }, body }));
  }

  /** Takes a project from an owner. */
  async removeOwner(project: string, user: string, options: CallOptions = {}): Promise<void> {
    await this.api.removeOwner({ ...this.#how(options), path: { name: part(project), user: part(user) } });
  }

  // Usage.

  /** How much a project is used. */
  stats(project: string, options: CallOptions = {}): Promise<ProjectStats> {
    return json(this.api.getProjectStats({ ...this.#how(options), path: { name: part(project) } }));
  }

  /** The downloads of a project over time. */
  downloads(project: string, options: DownloadsOptions = {}): Promise<ProjectDownloads> {
    const { signal, timeout, ...query } = options;
    const how = this.#how({ signal, timeout });
    return json(this.api.getProjectDownloads({ ...how, path: { name: part(project) }, query }));
  }

  /** How much there is, and how much of it is used. */
  registryStats(options: CallOptions = {}): Promise<RegistryStats> {
    return json(this.api.getRegistryStats(this.#how(options)));
  }

  /** The projects that grow most. */
  trending(options: TrendingOptions = {}): Promise<Trending> {
    const { signal, timeout, ...query } = options;
    return json(this.api.listTrending({ ...this.#how({ signal, timeout }), query }));
  }

  // Following.

  /** Follows a project by mail: at once with a token and your own address, else once a letter was answered. */
  follow(project: string, email?: string, options: FollowOptions = {}): Promise<Subscription | SubscriptionAsked> {
    const { signal, timeout, ...body } = options;
    const path = { name: part(project) };
    return json(this.api.followProject({ ...this.#again({ signal, timeout }), path, body: { email, ...body } }));
  }

  /** Follows every project of a category, as `follow` does one. */
  followCategory(slug: string, email?: string, options: FollowOptions = {}): Promise<Subscription | SubscriptionAsked> {
    const { signal, timeout, ...body } = options;
    const path = { slug: part(slug) };
    return json(this.api.followCategory({ ...this.#again({ signal, timeout }), path, body: { email, ...body } }));
  }

  /** Follows every project that a user owns, as `follow` does one. */
  followUser(user: string, email?: string, options: FollowOptions = {}): Promise<Subscription | SubscriptionAsked> {
    const { signal, timeout, ...body } = options;
    const path = { user: part(user) };
    return json(this.api.followUser({ ...this.#again({ signal, timeout }), path, body: { email, ...body } }));
  }

  /** What you follow. */
  subscriptions(options: ListOptions = {}): AsyncGenerator<Subscription, void, void> {
    const limit = options.pageSize ?? 100;
    return this.paginate((cursor) => this.api.listMySubscriptions({ ...this.#how(options), query: { limit, cursor } }));
  }

  /** Ends a subscription of yours. */
  async unfollow(id: string, options: CallOptions = {}): Promise<void> {
    await this.api.deleteMySubscription({ ...this.#how(options), path: { id: part(id) } });
  }

  // What happened.

  /**
   * Everything that happened to projects after an event, in order, up to now.
   *
   * Go on later with the `sequence` of the last event: nothing is left out and nothing comes twice.
   */
  async *events(since = 0, options: EventsOptions = {}): AsyncGenerator<Event, void, void> {
    const { signal, timeout, pageSize: limit = 1000, ...filters } = options;
    const how = this.#how({ signal, timeout });
    for (let from = since; ; ) {
      const { items, next } = await json(this.api.listEvents({ ...how, query: { since: from, limit, ...filters } }));
      yield* items;
      if (items.length === 0) {
        return;
      }
      from = next;
    }
  }

  /** Who did what, the newest first. */
  audit(options: AuditOptions = {}): AsyncGenerator<AuditEntry, void, void> {
    const { signal, timeout, pageSize: limit = 100, ...filters } = options;
    const how = this.#how({ signal, timeout });
    return this.paginate((cursor) => this.api.listAuditEntries({ ...how, query: { ...filters, limit, cursor } }));
  }

  // Tokens.

  /** Whose token this is, and what it may do. */
  me(options: CallOptions = {}): Promise<Me> {
    return json(this.api.getMe(this.#how(options)));
  }

  /** Your tokens, the newest first, without their text. */
  tokens(options: ListOptions = {}): AsyncGenerator<Token, void, void> {
    const limit = options.pageSize ?? 100;
    return this.paginate((cursor) => this.api.listTokens({ ...this.#how(options), query: { limit, cursor } }));
  }

  /** Makes a token, for as much as this one's at most; what is left out is as in this one. */
  createToken(name: string, options: Omit<TokenRequest, 'name'> & CallOptions = {}): Promise<NewToken> {
    const { signal, timeout, ...body } = options;
    return json(this.api.createToken({ ...this.#how({ signal, timeout }), body: { name, ...body } }));
  }

  /** Makes a token of yours void. */
  async revokeToken(id: string, options: CallOptions = {}): Promise<void> {
    await this.api.revokeToken({ ...this.#how(options), path: { id: part(id) } });
  }

  /** How a call is sent. */
  #how({ signal, timeout }: CallOptions): { fetch: typeof fetch } {
    return { fetch: this.#connection.fetch({ signal, timeout }) };
  }

  /** How a call is sent that changes nothing more when it comes twice. */
  #again({ signal, timeout }: CallOptions): { fetch: typeof fetch } {
    return { fetch: this.#connection.fetch({ signal, timeout, repeat: true }) };
  }
}

/** A document, which has to be one: what answered with text is hardly a registry. */
async function json<T extends object>(answer: Promise<T>): Promise<T> {
  const document: unknown = await answer;
  if (typeof document !== 'object' || document === null || document instanceof Blob) {
    throw unexpected(undefined, document);
  }
  return document as T;
}

function unexpected(cause: unknown, answer?: unknown): TrunkError {
  const said = typeof answer === 'string' ? ` It begins with ${JSON.stringify(answer.slice(0, 500))}.` : '';
  return new TrunkError({
    detail: `The answer is not what a Trunk Registry sends: is the address right?${said}`,
    cause,
  });
}

/** A part of a path, which has to lead where it says. */
function part(name: string): string {
  if (name === '' || name === '.' || name === '..') {
    throw new TypeError(`${JSON.stringify(name)} cannot be part of an address.`);
  }
  return name;
}
