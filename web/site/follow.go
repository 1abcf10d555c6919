package site

// Hears are the fields that say what of it somebody wants to hear: {{template "hears" .}}.
type Hears struct {
	// Postgres is a choice of a PostgreSQL major, Cadence of at once or once a day.
	Postgres, Cadence Field
	// Prereleases and Withdrawals are ticked.
	Prereleases, Withdrawals bool
}

// FollowForm asks for letters: {{template "follow" .}}.
type FollowForm struct {
	Hears

	// Action is where it is sent, SignedIn where those follow who are signed in; "" where nobody can.
	Action, SignedIn string
	Email            Field
	// Open says that the choices are unfolded.
	Open bool
}

// Follow is the page of such a form.
type Follow struct {
	Page

	// Subject is what is followed, as it stands in a sentence; Back leads to it.
	Subject string
	Back    Link
	Form    FollowForm
	Wrong   *Wrong
}

func (*Follow) template() string { return "follow" }

// FollowLink asks for the link to all that an address follows.
type FollowLink struct {
	Page

	Email Field
	Wrong *Wrong
}

func (*FollowLink) template() string { return "follow_link" }

// FollowStep names a thing, and has a button that does it, or says that it is done.
type FollowStep struct {
	Page

	Heading   string
	Sentences []string
	// Button is what the button says, "" for none; Action is where it leads, "" for the page's own address.
	Button, Action string
	Links          []Link
}

func (*FollowStep) template() string { return "follow_step" }

// FollowManage lists all that an address follows, for whoever has the link.
type FollowManage struct {
	Page
	FollowedList

	Wrong *Wrong
	// Done says what was done just now; "" for nothing.
	Done string
}

func (*FollowManage) template() string { return "follow_manage" }

// AccountFollowing is the same for somebody who is signed in.
type AccountFollowing struct {
	Account
	FollowedList
}

func (*AccountFollowing) template() string { return "account_following" }

// FollowedList is what an address follows: {{template "followed" .}}.
type FollowedList struct {
	// Address is the address, "" where there is none; Silent says that nothing is sent there.
	Address string
	Silent  bool
	Rows    []FollowedRow
	// Older is the address of the next page; "" for the last. Stop is where everything is ended; "" where there is nothing.
	Older, Stop string
}

// FollowedRow is something that is followed. Change and Remove are where its forms are sent.
type FollowedRow struct {
	Hears

	Subject        Link
	ID             string
	Change, Remove string
}

// AccountFollow follows something for somebody who is signed in.
type AccountFollow struct {
	Account

	Subject string
	// Address is theirs; "" where none is verified, and then Form is where they follow with another.
	Address string
	Form    Link
	Hears   Hears
	Back    Link
}

func (*AccountFollow) template() string { return "account_follow" }
