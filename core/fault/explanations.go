package fault

// Group is what codes have in common, as a heading for people.
type Group string

// The groups, in the order of codes.go.
const (
	OfRequests  Group = "The request itself"
	OfTokens    Group = "Who asks"
	OfSignIns   Group = "Signing in"
	OfMetadata  Group = "Names, versions and metadata"
	OfLookups   Group = "Looking things up"
	OfChanges   Group = "What cannot be changed"
	OfElsewhere Group = "Reading what lies elsewhere"
	OfLetters   Group = "Letters, and what is followed"
	OfWebhooks  Group = "Webhooks"
	OfArchives  Group = "The archive"
	OfContents  Group = "What the archive says and holds"
)

// Explanation says what a code means, without the particulars that the sentence of a fault has.
type Explanation struct {
	Code  Code
	Group Group
	// Meaning says what is wrong, Remedy what to do.
	Meaning, Remedy string
}

// Explain gives the explanation of a code; false for one that there is not.
func Explain(code Code) (Explanation, bool) {
	for _, e := range explanations {
		if e.Code == code {
			return e, true
		}
	}
	return Explanation{}, false
}

// Explanations gives them all, group by group.
func Explanations() []Explanation { return append([]Explanation(nil), explanations...) }

// again is what to do where nothing is wrong with the request.
const again = "Wait a moment and send the same request again; the Retry-After header says how long."

// explanations has every code once, in the order of codes.go; a test compares the two.
var explanations = []Explanation{
	{
		Internal, OfRequests, "Something went wrong in the registry. It is not your fault.",
		"Try again. If it stays, tell those who run the registry the request's id.",
	},
	{
		RequestMalformed, OfRequests, "The request cannot be read: broken JSON, a broken form, or a part that is missing.",
		"Send it in the form that the contract shows. A publish is a form with the parts metadata and file, in that order.",
	},
	{
		RequestInvalid, OfRequests, "The request can be read, but is not what the contract says.",
		"Compare it with the contract; the answer lists what does not fit.",
	},
	{RouteUnknown, OfRequests, "Nothing is served at that address.", "Look the address up in the contract, or search for what you meant."},
	{MethodNotAllowed, OfRequests, "The address is served, but not with that method.", "Use a method of the Allow header."},
	{
		MediaTypeUnsupported, OfRequests, "The body is of a type that the address does not take.",
		"Send JSON as application/json, and a publish as multipart/form-data.",
	},
	{
		PayloadTooLarge, OfRequests, "The upload, or one of its parts, is over its limit.",
		"Leave out of the archive what is not installed, such as debug symbols.",
	},
	{
		PlatformUnknown, OfRequests, "There is no platform of that name.",
		"Write it like linux/amd64 or linux/arm64; in the path of an address with a hyphen.",
	},
	{RateLimited, OfRequests, "Too many requests of one kind came in a short time.", again},
	{Overloaded, OfRequests, "The registry has more to do than it can at the moment.", again},
	{StoreUnavailable, OfRequests, "The place where archives are kept does not answer. What is published can still be found.", again},
	{DatabaseUnavailable, OfRequests, "The registry's database does not answer.", again},
	{Draining, OfRequests, "This process of the registry is about to stop; another one takes over.", again},

	{
		TokenMissing, OfTokens, "This needs an API token, and none was sent.",
		"Send it as Authorization: Bearer TOKEN; the command line reads it from TRUNK_API_TOKEN.",
	},
	{
		TokenMalformed, OfTokens, "What was sent has not the form of a token; a letter may be missing.",
		"Copy the whole token again. It is shown once; make a new one if it is lost.",
	},
	{TokenUnknown, OfTokens, "The token has the right form, but is nobody's here.", "See that it was made by this registry, or make a new one."},
	{TokenExpired, OfTokens, "The token's time is over.", "Make a new one."},
	{TokenRevoked, OfTokens, "The token was revoked.", "Make a new one; if it was not you who revoked it, look at your tokens."},
	{TokenConflict, OfTokens, "One request carried several different tokens.", "Send one."},
	{ScopeMissing, OfTokens, "The token may not do this.", "Make a token with the scope that the answer names."},
	{ProjectNotCovered, OfTokens, "The token is for other projects.", "Make a token that is for this project, or for all."},
	{NotOwner, OfTokens, "The project belongs to others.", "Ask an owner to invite you, or publish under a name of your own."},
	{NotAdministrator, OfTokens, "Only those who run the registry may do this.", "Ask them."},
	{TokenNarrowed, OfTokens, "Administration takes a token with every scope, for every project.", "Use a token that is not narrowed."},
	{GrantTooWide, OfTokens, "A token cannot make one that may do more than itself, or lasts longer.", "Ask for less, or sign in."},
	{OriginForbidden, OfTokens, "A page of another site asked for a change.", "Do it on a page of this registry, or from a program."},

	{JWTMalformed, OfSignIns, "What was sent is not a JSON Web Token.", "Send the ID token that the provider gave, whole."},
	{
		JWTAlgorithm, OfSignIns, "The token is signed with an algorithm that is not taken here.",
		"Have the provider sign with one such as RS256 or ES256.",
	},
	{
		JWTKeyUnknown, OfSignIns, "The token names no key, or one that the provider does not have.",
		"Sign in again; the provider may have changed its keys.",
	},
	{JWTSignature, OfSignIns, "The token is not signed by that key.", "Sign in again, and send the token as it is."},
	{JWTIssuer, OfSignIns, "The token is from a provider that is not trusted here.", "Sign in at a provider that this registry takes."},
	{JWTAudience, OfSignIns, "The token was made for somebody else.", "Ask the provider for a token whose audience is this registry."},
	{JWTExpired, OfSignIns, "The token's time is over.", "Sign in again."},
	{JWTNotYetValid, OfSignIns, "The token is not valid yet.", "See that your clock and the provider's agree, and wait."},
	{JWTReplayed, OfSignIns, "The token was used before and is good once.", "Sign in again."},
	{JWTNonce, OfSignIns, "The token is of another sign-in than the one that was begun.", "Begin again on the account's page."},
	{IssuerUnavailable, OfSignIns, "The provider's keys cannot be read at the moment.", again},
	{SignInUnconfigured, OfSignIns, "Nobody can sign in here: no provider is configured.", "Ask those who run the registry for a token."},
	{SignInUnknown, OfSignIns, "The sign-in was not begun in this browser, or more than ten minutes ago.", "Begin again on the account's page."},
	{SignInRefused, OfSignIns, "The provider signed nobody in, or does not take what came back a second time.", "Begin again on the account's page."},
	{SessionMissing, OfSignIns, "You are not signed in on the pages, or not any more.", "Sign in on the account's page, and do it again."},

	{NameInvalid, OfMetadata, "The name cannot be one.", "Begin with a letter, then use letters, digits and _, at most 64 in all."},
	{NameReserved, OfMetadata, "The name is a word of the registry's own addresses.", "Choose another."},
	{
		NameTaken, OfMetadata, "Another project has that name; case and the difference between - and _ do not count.",
		"Choose another, or ask its owners to invite you.",
	},
	{NameLookalike, OfMetadata, "People would take the name for that of another project.", "Choose a name that differs in more than a letter."},
	{VersionInvalid, OfMetadata, "The version cannot be one.", "Use numbers with dots, then what SemVer allows, such as 1.6.0 or 1.6.0-rc.1."},
	{CategoryUnknown, OfMetadata, "There is no category with that slug.", "Take one of the slugs that the list of categories has."},
	{
		MetadataInvalid, OfMetadata, "Something in the metadata cannot be taken.",
		"The answer lists each field with what is wrong; links have to be http or https.",
	},

	{
		ProjectUnknown, OfLookups, "There is no project and no extension of that name.",
		"Search for it; it may be spelt differently or not be published here.",
	},
	{VersionUnknown, OfLookups, "The project has no such version.", "Look at its versions."},
	{
		ArtefactUnknown, OfLookups, "The version has no build for that PostgreSQL major and platform.",
		"Take another version or ask its owners for that build.",
	},
	{Removed, OfLookups, "It was here, and those it belonged to deleted it.", "Look for another version or another project."},
	{AccountUnknown, OfLookups, "There is no user of that name.", "See how it is spelt; everybody who has signed in once has a name."},
	{OwnerUnknown, OfLookups, "They do not own that project.", "Look at its owners."},
	{TokenIDUnknown, OfLookups, "There is no such token, or it is somebody else's.", "List your tokens."},
	{InvitationUnknown, OfLookups, "There is no such invitation; it may have been taken back.", "Ask an owner to invite you again."},
	{ReadmeUnknown, OfLookups, "The project has no README here.", "Put one into the archive, or have it read from the repository."},
	{ShelfUnknown, OfLookups, "There is no category with that slug.", "Look at the list of categories."},
	{CursorInvalid, OfLookups, "That is no cursor of this registry.", "Begin again without it."},
	{CursorMismatch, OfLookups, "The cursor belongs to another query.", "Send it with the same parameters, or begin again without it."},

	{
		ArtefactExists, OfChanges, "Other bytes are published for this version, PostgreSQL major and platform. What is published never changes.",
		"Publish a new version. The same bytes again are taken.",
	},
	{VersionDeleted, OfChanges, "A version of that number was deleted, and its number is never free again.", "Publish under the next number."},
	{ReplacementUnknown, OfChanges, "The version that is to replace it is not there, or was withdrawn itself.", "Name one that can be installed."},
	{DeletionTooLate, OfChanges, "A version can be deleted for 72 hours.", "Yank it: nobody gets it then without naming it."},
	{DeletionInUse, OfChanges, "Extensions of others depend on it.", "Yank it: nobody gets it then without naming it."},
	{LastOwner, OfChanges, "A project keeps one owner always.", "Invite somebody first, or hand the project over."},
	{AlreadyOwner, OfChanges, "They own the project already.", "There is nothing to do."},

	{HostNotAllowed, OfElsewhere, "Archives may not lie on that host.", "Ask those who run the registry to allow it."},
	{RepositoryUnsupported, OfElsewhere, "READMEs are not read from that host.", "Put the README into the archive."},
	{RepositoryUnavailable, OfElsewhere, "The repository does not answer, or has no README.", "Try again later, or put the README into the archive."},

	{MailUnconfigured, OfLetters, "This registry sends no letters.", "Follow projects by their feeds, or ask those who run the registry."},
	{MailUnavailable, OfLetters, "The mail server does not answer, or wants the letter later.", "Nothing: it is sent again for two days."},
	{MailRefused, OfLetters, "The mail server refuses the letter for good.", "Those who run the registry see why in `trunk-registry mail failed`."},
	{MailboxUnknown, OfLetters, "The mail server knows no such mailbox.", "Use an address that exists."},
	{AddressInvalid, OfLetters, "No letter can be sent to that address.", "Write one address, such as you@example.org, without a name around it."},
	{AddressClosed, OfLetters, "Letters to that address were ended by its owner, or came back.", "Sign in and follow from there, or use another address."},
	{
		AddressUnverified, OfLetters, "Whoever you signed in with does not say that the address is yours.",
		"Verify the address there and sign in again, or follow by the form, which sends you a link.",
	},
	{SubscriptionUnknown, OfLetters, "There is no such subscription of yours.", "Look at the list of what you follow."},
	{LinkInvalid, OfLetters, "That link was not made by this registry, or a part of it is missing.", "Open it from the letter again, or ask for a new one."},
	{LinkExpired, OfLetters, "That link has ended.", "Ask for a new one."},
	{LinkUsed, OfLetters, "That link is good once, and was used.", "Nothing, or ask for a new one."},
	{WebhookUnknown, OfWebhooks, "There is no such webhook of yours.", "Look at the list of your webhooks."},
	{
		WebhookURLInvalid, OfWebhooks, "Nothing can be delivered to that address.",
		"Name an https address of a host that anybody on the Internet can reach, without a user or a fragment.",
	},
	{WebhooksFull, OfWebhooks, "You have as many webhooks as an account may have.", "Remove one that you do not need."},
	{WebhookDisabled, OfWebhooks, "The webhook is switched off, so nothing is delivered to it.", "Enable it, then send again."},
	{DeliveryUnknown, OfWebhooks, "There is no such delivery in the log of that webhook.", "Look at the log; it goes back thirty days."},
	{ArchiveNotGzip, OfArchives, "The file is not compressed with gzip.", "Publish the .tar.gz that trunk build makes."},
	{ArchiveTruncated, OfArchives, "The file ends too early.", "Send it again; if it stays, build it again."},
	{ArchiveCorrupt, OfArchives, "The gzip or tar structure is broken.", "Build it again."},
	{ArchiveMultiMember, OfArchives, "The file is several gzip files in a row.", "Compress it in one go."},
	{ArchiveTrailingData, OfArchives, "Something follows the end of the archive.", "Build it again, and append nothing to it."},
	{
		ArchiveEntryType, OfArchives, "The archive has something that is neither a file nor a folder, such as a link.",
		"Put the file itself in the link's place.",
	},
	{ArchiveSparse, OfArchives, "The archive has a sparse file.", "Write it without tar's --sparse."},
	{ArchiveSizeConflict, OfArchives, "An entry gives two different sizes.", "Write the archive with an ordinary tar."},
	{
		ArchivePath, OfArchives, "A path leads out of the archive, or has characters that it may not have.",
		"Use relative paths without .. and without backslashes or control characters.",
	},
	{ArchivePathConflict, OfArchives, "Two paths are the same on file systems that ignore case.", "Rename one of them."},
	{ArchiveTooManyFiles, OfArchives, "The archive has more entries than it may.", "Leave out what is not installed."},
	{ArchiveTooLarge, OfArchives, "Unpacked, the archive is larger than it may be.", "Leave out what is not installed, such as debug symbols."},
	{ArchiveRatio, OfArchives, "The archive unpacks to far more than its own size.", "Leave out large files of nothing but zeros."},
	{
		ArchiveNothingInside, OfArchives, "There is nothing in the archive that could be installed.",
		"Put a control file with its SQL, or a library, into it.",
	},

	{ManifestMissing, OfContents, "There is no manifest.json at the root of the archive.", "Build the archive with trunk build."},
	{ManifestDuplicate, OfContents, "There is more than one manifest.json at the root.", "Leave one."},
	{ManifestInvalid, OfContents, "The manifest cannot be read.", "Build the archive with trunk build; the answer names the field."},
	{ManifestVersion, OfContents, "The manifest and the metadata name different versions.", "Make them the same."},
	{ManifestName, OfContents, "The manifest's name is neither the project's nor that of an extension inside.", "Make them the same."},
	{ManifestFileMissing, OfContents, "The manifest lists a file that is not in the archive.", "Build the archive again."},
	{
		PlatformUnsupported, OfContents, "The manifest names a platform that there can be no builds for here.",
		"Build for Linux on x86_64, aarch64, ppc64le, s390x or riscv64.",
	},
	{
		PostgresUnsupported, OfContents, "The manifest names a PostgreSQL major that there can be no builds for here.",
		"Build for one of those that the answer names.",
	},
	{ControlFileInvalid, OfContents, "PostgreSQL could not read a control file.", "Mend it: each line is a parameter, = and a value."},
	{SharedObjectInvalid, OfContents, "A library is no ELF shared object.", "Build it again; do not rename other files to .so."},
	{SharedObjectArch, OfContents, "A library is for another architecture than the manifest says.", "Build and publish each platform by itself."},
	{
		SharedObjectPostgres, OfContents, "A library is compiled for another PostgreSQL major than the manifest says.",
		"Build it with the pg_config of that major.",
	},
}
