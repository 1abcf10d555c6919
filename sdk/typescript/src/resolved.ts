import { TrunkError } from './errors.js';
import type { Platform, ProjectVersion } from './generated/types.gen.js';

/** A build for one PostgreSQL major and platform, as `TrunkClient.resolve` finds it. */
export interface Resolved {
  /** The project's name. */
  project: string;
  /** The project's version. */
  version: string;
  /** The PostgreSQL major it was compiled for. */
  pg_version: number;
  /** The platform it was compiled for. */
  platform: Platform;
  /** The address of the archive. */
  link: string;
  /** The SHA-256 of the archive, in hex. */
  sha256: string;
}

const ARTEFACT = /\/api\/v1\/trunk-projects\/([^/]+)\/version\/([^/]+)\/artefacts\/([^/]+)$/;

/** The project, the version and the file that a link names. */
export function artefact(link: string): { project: string; version: string; file: string } {
  const found = URL.canParse(link) ? ARTEFACT.exec(new URL(link).pathname) : null;
  const [project, version, file] = (found?.slice(1) ?? []).map(decodeURIComponent);
  if (project === undefined || version === undefined || file === undefined) {
    throw new TrunkError({
      detail: `${JSON.stringify(link.slice(0, 500))} is not the address of an archive of a registry.`,
    });
  }
  return { project, version, file };
}

/**
 * The path below the base URL at which the archive of a link is.
 *
 * Links begin with the address that the registry believes to have. Whoever asks it by another one – through a proxy, from
 * inside a cluster – gets archives the same way.
 */
export function artefactPath(link: string): string {
  const { project, version, file } = artefact(link);
  return `/api/v1/trunk-projects/${encodeURIComponent(project)}/version/${encodeURIComponent(version)}/artefacts/${encodeURIComponent(file)}`;
}

/** The build that a link leads to, from the versions that the registry has under the names in the link. */
export function resolved(link: string, versions: readonly ProjectVersion[]): Resolved {
  const path = artefactPath(link);
  for (const { name, version, downloads } of versions) {
    for (const { link: other, pg_version, platform, sha256 } of downloads) {
      if (artefactPath(other) === path) {
        return { project: name, version, pg_version, platform, link, sha256 };
      }
    }
  }
  throw new TrunkError({ detail: `The registry leads to ${link}, and its version has no such build. Ask again.` });
}
