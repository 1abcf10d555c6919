package site

// Home answers whether what somebody needs is here.
type Home struct {
	Page

	// Majors are the PostgreSQL majors that there are builds for, the newest first; Platforms the same of platforms.
	Majors    []int
	Platforms []string
	// Newest are the versions that came last, Categories the fullest categories.
	Newest     []Row
	Categories []Choice
	// Projects, Versions and Builds are how many there are in all.
	Projects, Versions, Builds int
	// Publish are the commands that publish something.
	Publish Command
}

func (*Home) template() string { return "home" }

// Try are searches to begin with.
func (h *Home) Try() []Link {
	words := []string{"job scheduler", "vector similarity", "audit"}
	links := make([]Link, len(words))
	for i, text := range words {
		links[i] = Link{Text: text, Address: Asked{Base: "/search", Text: text, Pair: h.Pair}.Address()}
	}
	return links
}

// On says what there are builds for.
func (h *Home) On() string { return Row{Majors: h.Majors}.On() }
