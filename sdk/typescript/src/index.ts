/**
 * The client of a Trunk Registry, the hub for compiled PostgreSQL extensions.
 *
 * {@link TrunkClient} is where to begin. Types of what is sent and answered are those of the contract, from which they are
 * generated with every operation in `TrunkClient.api`.
 *
 * @packageDocumentation
 */
export {
  type AuditOptions,
  type ClientOptions,
  type ContentsOptions,
  type DownloadsOptions,
  type EventsOptions,
  type FollowOptions,
  type ListOptions,
  type Page,
  type ResolveOptions,
  type SearchOptions,
  type TrendingOptions,
  TrunkClient,
} from './client.js';
export type { CallOptions } from './connection.js';
export {
  DigestMismatch,
  DownloadTooLarge,
  type Fault,
  isProblem,
  NetworkError,
  RequestTimeout,
  TrunkError,
} from './errors.js';
export { Operations } from './generated/sdk.gen.js';
export type * from './generated/types.gen.js';
export type { Resolved } from './resolved.js';
export type { Retry } from './retry.js';
export type { Archive, DownloadOptions } from './transfers.js';
export { VERSION } from './version.js';
