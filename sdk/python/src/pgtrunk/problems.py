"""Made by `generate` from openapi.yaml; do not edit. An exception class for each code of the contract."""

from pgtrunk._errors import TrunkError


class AccountUnknown(TrunkError):
    """The registry answered with the code `account_unknown`."""


class AddressClosed(TrunkError):
    """The registry answered with the code `address_closed`."""


class AddressInvalid(TrunkError):
    """The registry answered with the code `address_invalid`."""


class AddressUnverified(TrunkError):
    """The registry answered with the code `address_unverified`."""


class AlreadyOwner(TrunkError):
    """The registry answered with the code `already_owner`."""


class ArchiveCorrupt(TrunkError):
    """The registry answered with the code `archive_corrupt`."""


class ArchiveEntryType(TrunkError):
    """The registry answered with the code `archive_entry_type`."""


class ArchiveMultipleGzipMembers(TrunkError):
    """The registry answered with the code `archive_multiple_gzip_members`."""


class ArchiveNotGzip(TrunkError):
    """The registry answered with the code `archive_not_gzip`."""


class ArchiveNothingInstallable(TrunkError):
    """The registry answered with the code `archive_nothing_installable`."""


class ArchivePath(TrunkError):
    """The registry answered with the code `archive_path`."""


class ArchivePathConflict(TrunkError):
    """The registry answered with the code `archive_path_conflict`."""


class ArchiveRatio(TrunkError):
    """The registry answered with the code `archive_ratio`."""


class ArchiveSizeConflict(TrunkError):
    """The registry answered with the code `archive_size_conflict`."""


class ArchiveSparseEntry(TrunkError):
    """The registry answered with the code `archive_sparse_entry`."""


class ArchiveTooManyEntries(TrunkError):
    """The registry answered with the code `archive_too_many_entries`."""


class ArchiveTrailingData(TrunkError):
    """The registry answered with the code `archive_trailing_data`."""


class ArchiveTruncated(TrunkError):
    """The registry answered with the code `archive_truncated`."""


class ArchiveUnpackedTooLarge(TrunkError):
    """The registry answered with the code `archive_unpacked_too_large`."""


class ArtefactExists(TrunkError):
    """The registry answered with the code `artefact_exists`."""


class ArtefactUnknown(TrunkError):
    """The registry answered with the code `artefact_unknown`."""


class CategoryUnknown(TrunkError):
    """The registry answered with the code `category_unknown`."""


class ControlFileInvalid(TrunkError):
    """The registry answered with the code `control_file_invalid`."""


class CursorInvalid(TrunkError):
    """The registry answered with the code `cursor_invalid`."""


class CursorMismatch(TrunkError):
    """The registry answered with the code `cursor_mismatch`."""


class DatabaseUnavailable(TrunkError):
    """The registry answered with the code `database_unavailable`."""


class DeletionInUse(TrunkError):
    """The registry answered with the code `deletion_in_use`."""


class DeletionTooLate(TrunkError):
    """The registry answered with the code `deletion_too_late`."""


class DeliveryUnknown(TrunkError):
    """The registry answered with the code `delivery_unknown`."""


class Draining(TrunkError):
    """The registry answered with the code `draining`."""


class GrantTooWide(TrunkError):
    """The registry answered with the code `grant_too_wide`."""


class HostNotAllowed(TrunkError):
    """The registry answered with the code `host_not_allowed`."""


class Internal(TrunkError):
    """The registry answered with the code `internal`."""


class InvitationUnknown(TrunkError):
    """The registry answered with the code `invitation_unknown`."""


class IssuerUnavailable(TrunkError):
    """The registry answered with the code `issuer_unavailable`."""


class JwtAlgorithm(TrunkError):
    """The registry answered with the code `jwt_algorithm`."""


class JwtAudience(TrunkError):
    """The registry answered with the code `jwt_audience`."""


class JwtExpired(TrunkError):
    """The registry answered with the code `jwt_expired`."""


class JwtIssuer(TrunkError):
    """The registry answered with the code `jwt_issuer`."""


class JwtKeyUnknown(TrunkError):
    """The registry answered with the code `jwt_key_unknown`."""


class JwtMalformed(TrunkError):
    """The registry answered with the code `jwt_malformed`."""


class JwtNonce(TrunkError):
    """The registry answered with the code `jwt_nonce`."""


class JwtNotYetValid(TrunkError):
    """The registry answered with the code `jwt_not_yet_valid`."""


class JwtReplayed(TrunkError):
    """The registry answered with the code `jwt_replayed`."""


class JwtSignature(TrunkError):
    """The registry answered with the code `jwt_signature`."""


class LastOwner(TrunkError):
    """The registry answered with the code `last_owner`."""


class LinkExpired(TrunkError):
    """The registry answered with the code `link_expired`."""


class LinkInvalid(TrunkError):
    """The registry answered with the code `link_invalid`."""


class LinkUsed(TrunkError):
    """The registry answered with the code `link_used`."""


class MailRefused(TrunkError):
    """The registry answered with the code `mail_refused`."""


class MailUnavailable(TrunkError):
    """The registry answered with the code `mail_unavailable`."""


class MailUnconfigured(TrunkError):
    """The registry answered with the code `mail_unconfigured`."""


class MailboxUnknown(TrunkError):
    """The registry answered with the code `mailbox_unknown`."""


class ManifestDuplicate(TrunkError):
    """The registry answered with the code `manifest_duplicate`."""


class ManifestFileMissing(TrunkError):
    """The registry answered with the code `manifest_file_missing`."""


class ManifestInvalid(TrunkError):
    """The registry answered with the code `manifest_invalid`."""


class ManifestMissing(TrunkError):
    """The registry answered with the code `manifest_missing`."""


class ManifestNameMismatch(TrunkError):
    """The registry answered with the code `manifest_name_mismatch`."""


class ManifestVersionMismatch(TrunkError):
    """The registry answered with the code `manifest_version_mismatch`."""


class MediaTypeUnsupported(TrunkError):
    """The registry answered with the code `media_type_unsupported`."""


class MetadataInvalid(TrunkError):
    """The registry answered with the code `metadata_invalid`."""


class MethodNotAllowed(TrunkError):
    """The registry answered with the code `method_not_allowed`."""


class NameInvalid(TrunkError):
    """The registry answered with the code `name_invalid`."""


class NameLookalike(TrunkError):
    """The registry answered with the code `name_lookalike`."""


class NameReserved(TrunkError):
    """The registry answered with the code `name_reserved`."""


class NameTaken(TrunkError):
    """The registry answered with the code `name_taken`."""


class NotAdministrator(TrunkError):
    """The registry answered with the code `not_administrator`."""


class NotOwner(TrunkError):
    """The registry answered with the code `not_owner`."""


class OriginForbidden(TrunkError):
    """The registry answered with the code `origin_forbidden`."""


class Overloaded(TrunkError):
    """The registry answered with the code `overloaded`."""


class OwnerUnknown(TrunkError):
    """The registry answered with the code `owner_unknown`."""


class PayloadTooLarge(TrunkError):
    """The registry answered with the code `payload_too_large`."""


class PlatformUnknown(TrunkError):
    """The registry answered with the code `platform_unknown`."""


class PlatformUnsupported(TrunkError):
    """The registry answered with the code `platform_unsupported`."""


class PostgresVersionUnsupported(TrunkError):
    """The registry answered with the code `postgres_version_unsupported`."""


class ProjectNotCovered(TrunkError):
    """The registry answered with the code `project_not_covered`."""


class ProjectUnknown(TrunkError):
    """The registry answered with the code `project_unknown`."""


class RateLimited(TrunkError):
    """The registry answered with the code `rate_limited`."""


class ReadmeUnknown(TrunkError):
    """The registry answered with the code `readme_unknown`."""


class Removed(TrunkError):
    """The registry answered with the code `removed`."""


class ReplacementUnknown(TrunkError):
    """The registry answered with the code `replacement_unknown`."""


class RepositoryUnavailable(TrunkError):
    """The registry answered with the code `repository_unavailable`."""


class RepositoryUnsupported(TrunkError):
    """The registry answered with the code `repository_unsupported`."""


class RequestInvalid(TrunkError):
    """The registry answered with the code `request_invalid`."""


class RequestMalformed(TrunkError):
    """The registry answered with the code `request_malformed`."""


class RouteUnknown(TrunkError):
    """The registry answered with the code `route_unknown`."""


class ScopeMissing(TrunkError):
    """The registry answered with the code `scope_missing`."""


class SessionMissing(TrunkError):
    """The registry answered with the code `session_missing`."""


class SharedObjectArchitecture(TrunkError):
    """The registry answered with the code `shared_object_architecture`."""


class SharedObjectInvalid(TrunkError):
    """The registry answered with the code `shared_object_invalid`."""


class SharedObjectPostgresVersion(TrunkError):
    """The registry answered with the code `shared_object_postgres_version`."""


class ShelfUnknown(TrunkError):
    """The registry answered with the code `shelf_unknown`."""


class SignInRefused(TrunkError):
    """The registry answered with the code `sign_in_refused`."""


class SignInUnconfigured(TrunkError):
    """The registry answered with the code `sign_in_unconfigured`."""


class SignInUnknown(TrunkError):
    """The registry answered with the code `sign_in_unknown`."""


class StoreUnavailable(TrunkError):
    """The registry answered with the code `store_unavailable`."""


class SubscriptionUnknown(TrunkError):
    """The registry answered with the code `subscription_unknown`."""


class TokenConflict(TrunkError):
    """The registry answered with the code `token_conflict`."""


class TokenExpired(TrunkError):
    """The registry answered with the code `token_expired`."""


class TokenIdUnknown(TrunkError):
    """The registry answered with the code `token_id_unknown`."""


class TokenMalformed(TrunkError):
    """The registry answered with the code `token_malformed`."""


class TokenMissing(TrunkError):
    """The registry answered with the code `token_missing`."""


class TokenNarrowed(TrunkError):
    """The registry answered with the code `token_narrowed`."""


class TokenRevoked(TrunkError):
    """The registry answered with the code `token_revoked`."""


class TokenUnknown(TrunkError):
    """The registry answered with the code `token_unknown`."""


class VersionDeleted(TrunkError):
    """The registry answered with the code `version_deleted`."""


class VersionInvalid(TrunkError):
    """The registry answered with the code `version_invalid`."""


class VersionUnknown(TrunkError):
    """The registry answered with the code `version_unknown`."""


class WebhookDisabled(TrunkError):
    """The registry answered with the code `webhook_disabled`."""


class WebhookUnknown(TrunkError):
    """The registry answered with the code `webhook_unknown`."""


class WebhookUrlInvalid(TrunkError):
    """The registry answered with the code `webhook_url_invalid`."""


class WebhooksFull(TrunkError):
    """The registry answered with the code `webhooks_full`."""


BY_CODE: dict[str, type[TrunkError]] = {
    "account_unknown": AccountUnknown,
    "address_closed": AddressClosed,
    "address_invalid": AddressInvalid,
    "address_unverified": AddressUnverified,
    "already_owner": AlreadyOwner,
    "archive_corrupt": ArchiveCorrupt,
    "archive_entry_type": ArchiveEntryType,
    "archive_multiple_gzip_members": ArchiveMultipleGzipMembers,
    "archive_not_gzip": ArchiveNotGzip,
    "archive_nothing_installable": ArchiveNothingInstallable,
    "archive_path": ArchivePath,
    "archive_path_conflict": ArchivePathConflict,
    "archive_ratio": ArchiveRatio,
    "archive_size_conflict": ArchiveSizeConflict,
    "archive_sparse_entry": ArchiveSparseEntry,
    "archive_too_many_entries": ArchiveTooManyEntries,
    "archive_trailing_data": ArchiveTrailingData,
    "archive_truncated": ArchiveTruncated,
    "archive_unpacked_too_large": ArchiveUnpackedTooLarge,
    "artefact_exists": ArtefactExists,
    "artefact_unknown": ArtefactUnknown,
    "category_unknown": CategoryUnknown,
    "control_file_invalid": ControlFileInvalid,
    "cursor_invalid": CursorInvalid,
    "cursor_mismatch": CursorMismatch,
    "database_unavailable": DatabaseUnavailable,
    "deletion_in_use": DeletionInUse,
    "deletion_too_late": DeletionTooLate,
    "delivery_unknown": DeliveryUnknown,
    "draining": Draining,
    "grant_too_wide": GrantTooWide,
    "host_not_allowed": HostNotAllowed,
    "internal": Internal,
    "invitation_unknown": InvitationUnknown,
    "issuer_unavailable": IssuerUnavailable,
    "jwt_algorithm": JwtAlgorithm,
    "jwt_audience": JwtAudience,
    "jwt_expired": JwtExpired,
    "jwt_issuer": JwtIssuer,
    "jwt_key_unknown": JwtKeyUnknown,
    "jwt_malformed": JwtMalformed,
    "jwt_nonce": JwtNonce,
    "jwt_not_yet_valid": JwtNotYetValid,
    "jwt_replayed": JwtReplayed,
    "jwt_signature": JwtSignature,
    "last_owner": LastOwner,
    "link_expired": LinkExpired,
    "link_invalid": LinkInvalid,
    "link_used": LinkUsed,
    "mail_refused": MailRefused,
    "mail_unavailable": MailUnavailable,
    "mail_unconfigured": MailUnconfigured,
    "mailbox_unknown": MailboxUnknown,
    "manifest_duplicate": ManifestDuplicate,
    "manifest_file_missing": ManifestFileMissing,
    "manifest_invalid": ManifestInvalid,
    "manifest_missing": ManifestMissing,
    "manifest_name_mismatch": ManifestNameMismatch,
    "manifest_version_mismatch": ManifestVersionMismatch,
    "media_type_unsupported": MediaTypeUnsupported,
    "metadata_invalid": MetadataInvalid,
    "method_not_allowed": MethodNotAllowed,
    "name_invalid": NameInvalid,
    "name_lookalike": NameLookalike,
    "name_reserved": NameReserved,
    "name_taken": NameTaken,
    "not_administrator": NotAdministrator,
    "not_owner": NotOwner,
    "origin_forbidden": OriginForbidden,
    "overloaded": Overloaded,
    "owner_unknown": OwnerUnknown,
    "payload_too_large": PayloadTooLarge,
    "platform_unknown": PlatformUnknown,
    "platform_unsupported": PlatformUnsupported,
    "postgres_version_unsupported": PostgresVersionUnsupported,
    "project_not_covered": ProjectNotCovered,
    "project_unknown": ProjectUnknown,
    "rate_limited": RateLimited,
    "readme_unknown": ReadmeUnknown,
    "removed": Removed,
    "replacement_unknown": ReplacementUnknown,
    "repository_unavailable": RepositoryUnavailable,
    "repository_unsupported": RepositoryUnsupported,
    "request_invalid": RequestInvalid,
    "request_malformed": RequestMalformed,
    "route_unknown": RouteUnknown,
    "scope_missing": ScopeMissing,
    "session_missing": SessionMissing,
    "shared_object_architecture": SharedObjectArchitecture,
    "shared_object_invalid": SharedObjectInvalid,
    "shared_object_postgres_version": SharedObjectPostgresVersion,
    "shelf_unknown": ShelfUnknown,
    "sign_in_refused": SignInRefused,
    "sign_in_unconfigured": SignInUnconfigured,
    "sign_in_unknown": SignInUnknown,
    "store_unavailable": StoreUnavailable,
    "subscription_unknown": SubscriptionUnknown,
    "token_conflict": TokenConflict,
    "token_expired": TokenExpired,
    "token_id_unknown": TokenIdUnknown,
    "token_malformed": TokenMalformed,
    "token_missing": TokenMissing,
    "token_narrowed": TokenNarrowed,
    "token_revoked": TokenRevoked,
    "token_unknown": TokenUnknown,
    "version_deleted": VersionDeleted,
    "version_invalid": VersionInvalid,
    "version_unknown": VersionUnknown,
    "webhook_disabled": WebhookDisabled,
    "webhook_unknown": WebhookUnknown,
    "webhook_url_invalid": WebhookUrlInvalid,
    "webhooks_full": WebhooksFull,
}

__all__ = [
    "AccountUnknown",
    "AddressClosed",
    "AddressInvalid",
    "AddressUnverified",
    "AlreadyOwner",
    "ArchiveCorrupt",
    "ArchiveEntryType",
    "ArchiveMultipleGzipMembers",
    "ArchiveNotGzip",
    "ArchiveNothingInstallable",
    "ArchivePath",
    "ArchivePathConflict",
    "ArchiveRatio",
    "ArchiveSizeConflict",
    "ArchiveSparseEntry",
    "ArchiveTooManyEntries",
    "ArchiveTrailingData",
    "ArchiveTruncated",
    "ArchiveUnpackedTooLarge",
    "ArtefactExists",
    "ArtefactUnknown",
    "CategoryUnknown",
    "ControlFileInvalid",
    "CursorInvalid",
    "CursorMismatch",
    "DatabaseUnavailable",
    "DeletionInUse",
    "DeletionTooLate",
    "DeliveryUnknown",
    "Draining",
    "GrantTooWide",
    "HostNotAllowed",
    "Internal",
    "InvitationUnknown",
    "IssuerUnavailable",
    "JwtAlgorithm",
    "JwtAudience",
    "JwtExpired",
    "JwtIssuer",
    "JwtKeyUnknown",
    "JwtMalformed",
    "JwtNonce",
    "JwtNotYetValid",
    "JwtReplayed",
    "JwtSignature",
    "LastOwner",
    "LinkExpired",
    "LinkInvalid",
    "LinkUsed",
    "MailRefused",
    "MailUnavailable",
    "MailUnconfigured",
    "MailboxUnknown",
    "ManifestDuplicate",
    "ManifestFileMissing",
    "ManifestInvalid",
    "ManifestMissing",
    "ManifestNameMismatch",
    "ManifestVersionMismatch",
    "MediaTypeUnsupported",
    "MetadataInvalid",
    "MethodNotAllowed",
    "NameInvalid",
    "NameLookalike",
    "NameReserved",
    "NameTaken",
    "NotAdministrator",
    "NotOwner",
    "OriginForbidden",
    "Overloaded",
    "OwnerUnknown",
    "PayloadTooLarge",
    "PlatformUnknown",
    "PlatformUnsupported",
    "PostgresVersionUnsupported",
    "ProjectNotCovered",
    "ProjectUnknown",
    "RateLimited",
    "ReadmeUnknown",
    "Removed",
    "ReplacementUnknown",
    "RepositoryUnavailable",
    "RepositoryUnsupported",
    "RequestInvalid",
    "RequestMalformed",
    "RouteUnknown",
    "ScopeMissing",
    "SessionMissing",
    "SharedObjectArchitecture",
    "SharedObjectInvalid",
    "SharedObjectPostgresVersion",
    "ShelfUnknown",
    "SignInRefused",
    "SignInUnconfigured",
    "SignInUnknown",
    "StoreUnavailable",
    "SubscriptionUnknown",
    "TokenConflict",
    "TokenExpired",
    "TokenIdUnknown",
    "TokenMalformed",
    "TokenMissing",
    "TokenNarrowed",
    "TokenRevoked",
    "TokenUnknown",
    "VersionDeleted",
    "VersionInvalid",
    "VersionUnknown",
    "WebhookDisabled",
    "WebhookUnknown",
    "WebhookUrlInvalid",
    "WebhooksFull",
]
