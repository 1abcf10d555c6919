package fault

// The codes, in groups. The same list is the enum ProblemCode of openapi.yaml; a test compares the two.
const (
	// Internal is every error that is not a fault: ours, not the client's.
	Internal Code = "internal"

	// The request as such.

	RequestMalformed     Code = "request_malformed"      // not readable: broken JSON, broken multipart, a missing part
	RequestInvalid       Code = "request_invalid"        // readable, but not what the contract says
	RouteUnknown         Code = "route_unknown"          // nothing is served at that address
	MethodNotAllowed     Code = "method_not_allowed"     // the address is served, the method is not
	MediaTypeUnsupported Code = "media_type_unsupported" // the body is of a type the route does not take
	PayloadTooLarge      Code = "payload_too_large"      // the upload or one of its parts is over its limit
	PlatformUnknown      Code = "platform_unknown"       // no platform is called that
	RateLimited          Code = "rate_limited"           // too many requests of one kind
	Overloaded           Code = "overloaded"             // the registry sheds load
	StoreUnavailable     Code = "store_unavailable"      // the object store does not answer
	DatabaseUnavailable  Code = "database_unavailable"   // PostgreSQL does not answer
	Draining             Code = "draining"               // the process is shutting down

	// Who asks.

	TokenMissing      Code = "token_missing"   // no token was sent
	TokenMalformed    Code = "token_malformed" // not the form of a token, or its checksum is wrong
	TokenUnknown      Code = "token_unknown"   // well-formed, but nobody's
	TokenExpired      Code = "token_expired"
	TokenRevoked      Code = "token_revoked"
	TokenConflict     Code = "token_conflict"      // several different tokens in one request
	ScopeMissing      Code = "scope_missing"       // the token may not do this
	ProjectNotCovered Code = "project_not_covered" // the token is for other projects
	NotOwner          Code = "not_owner"
	NotAdministrator  Code = "not_administrator"
	TokenNarrowed     Code = "token_narrowed"   // administration takes a token with every scope, for every project
	GrantTooWide      Code = "grant_too_wide"   // a token cannot make one that may do more or lasts longer
	OriginForbidden   Code = "origin_forbidden" // a page of another site asked for a change

	// Signing in with a JSON Web Token of an OpenID Connect provider.

	JWTMalformed       Code = "jwt_malformed"
	JWTAlgorithm       Code = "jwt_algorithm"   // none, a symmetric one, or one that is not allowed
	JWTKeyUnknown      Code = "jwt_key_unknown" // no kid, or one that the issuer does not have
	JWTSignature       Code = "jwt_signature"   // not signed by that key
	JWTIssuer          Code = "jwt_issuer"      // of an issuer that is not trusted here
	JWTAudience        Code = "jwt_audience"    // made for somebody else
	JWTExpired         Code = "jwt_expired"
	JWTNotYetValid     Code = "jwt_not_yet_valid"
	JWTReplayed        Code = "jwt_replayed"       // has a jti and was used before
	JWTNonce           Code = "jwt_nonce"          // of another sign-in than the one that was begun
	IssuerUnavailable  Code = "issuer_unavailable" // its keys cannot be read at the moment
	SignInUnconfigured Code = "sign_in_unconfigured"

	// Signing in on the web's pages.

	SignInUnknown  Code = "sign_in_unknown" // not begun in this browser, or long ago
	SignInRefused  Code = "sign_in_refused" // the provider did not sign the person in, or does not take the code
	SessionMissing Code = "session_missing" // nobody is signed in, or not any more

	// Names, versions and metadata.

	NameInvalid     Code = "name_invalid"
	NameReserved    Code = "name_reserved"
	NameTaken       Code = "name_taken"     // equal to another project's after folding
	NameLookalike   Code = "name_lookalike" // all but equal to another project's
	VersionInvalid  Code = "version_invalid"
	CategoryUnknown Code = "category_unknown"
	MetadataInvalid Code = "metadata_invalid"

	// Looking things up.

	ProjectUnknown  Code = "project_unknown"
	VersionUnknown  Code = "version_unknown"
	ArtefactUnknown Code = "artefact_unknown" // that version has no build for that PostgreSQL major and platform

	// Removed is for what was there and was deleted by those it belonged to.
	Removed Code = "removed"

	AccountUnknown    Code = "account_unknown"
	OwnerUnknown      Code = "owner_unknown"    // they do not own that project
	TokenIDUnknown    Code = "token_id_unknown" // nobody's, or somebody else's
	InvitationUnknown Code = "invitation_unknown"
	ReadmeUnknown     Code = "readme_unknown"
	ShelfUnknown      Code = "shelf_unknown" // no category has that slug, where one is looked for
	CursorInvalid     Code = "cursor_invalid"
	CursorMismatch    Code = "cursor_mismatch" // of another query

	// Immutability, and taking things back.

	ArtefactExists     Code = "artefact_exists" // other bytes are already published for this build
	VersionDeleted     Code = "version_deleted" // its number is never free again
	ReplacementUnknown Code = "replacement_unknown"
	DeletionTooLate    Code = "deletion_too_late"
	DeletionInUse      Code = "deletion_in_use" // others depend on it
	LastOwner          Code = "last_owner"
	AlreadyOwner       Code = "already_owner"

	// Reading what lies elsewhere.

	HostNotAllowed        Code = "host_not_allowed"
	RepositoryUnsupported Code = "repository_unsupported" // not on a host that READMEs are read from
	RepositoryUnavailable Code = "repository_unavailable"

	// Letters, and what is followed.

	MailUnconfigured    Code = "mail_unconfigured"    // this registry sends no letters
	MailUnavailable     Code = "mail_unavailable"     // the mail server does not answer, or wants it sent later
	MailRefused         Code = "mail_refused"         // the mail server will not have the letter, now or later
	MailboxUnknown      Code = "mailbox_unknown"      // there is no such mailbox at the mail server
	AddressInvalid      Code = "address_invalid"      // no letter can be sent to that address
	AddressClosed       Code = "address_closed"       // its owner wants no letters, or it does not exist
	AddressUnverified   Code = "address_unverified"   // the provider of the sign-in does not say that it is theirs
	SubscriptionUnknown Code = "subscription_unknown" // nobody's, or somebody else's
	LinkInvalid         Code = "link_invalid"         // not signed by this registry, or a part is missing
	LinkExpired         Code = "link_expired"
	LinkUsed            Code = "link_used" // good once, and used

	// Webhooks.

	WebhookUnknown    Code = "webhook_unknown"     // nobody's, or somebody else's
	WebhookURLInvalid Code = "webhook_url_invalid" // nothing can be delivered there
	WebhooksFull      Code = "webhooks_full"       // an account has as many as it may have
	WebhookDisabled   Code = "webhook_disabled"    // switched off, so nothing is delivered to it
	DeliveryUnknown   Code = "delivery_unknown"    // not of that webhook, or too long ago

	// Archives: the container.

	ArchiveNotGzip       Code = "archive_not_gzip"
	ArchiveTruncated     Code = "archive_truncated"
	ArchiveCorrupt       Code = "archive_corrupt" // gzip or tar structure is broken
	ArchiveMultiMember   Code = "archive_multiple_gzip_members"
	ArchiveTrailingData  Code = "archive_trailing_data"
	ArchiveEntryType     Code = "archive_entry_type"
	ArchiveSparse        Code = "archive_sparse_entry"
	ArchiveSizeConflict  Code = "archive_size_conflict"
	ArchivePath          Code = "archive_path"
	ArchivePathConflict  Code = "archive_path_conflict"
	ArchiveTooManyFiles  Code = "archive_too_many_entries"
	ArchiveTooLarge      Code = "archive_unpacked_too_large"
	ArchiveRatio         Code = "archive_ratio"
	ArchiveNothingInside Code = "archive_nothing_installable"

	// Archives: what they say and hold.

	ManifestMissing      Code = "manifest_missing"
	ManifestDuplicate    Code = "manifest_duplicate"
	ManifestInvalid      Code = "manifest_invalid"
	ManifestVersion      Code = "manifest_version_mismatch"
	ManifestName         Code = "manifest_name_mismatch"
	ManifestFileMissing  Code = "manifest_file_missing"
	PlatformUnsupported  Code = "platform_unsupported"
	PostgresUnsupported  Code = "postgres_version_unsupported"
	ControlFileInvalid   Code = "control_file_invalid"
	SharedObjectInvalid  Code = "shared_object_invalid"
	SharedObjectArch     Code = "shared_object_architecture"
	SharedObjectPostgres Code = "shared_object_postgres_version"
)
