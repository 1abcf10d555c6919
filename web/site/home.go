package site

import "math"

// Home answers whether what somebody needs is here.
type Home struct {
	Page

	// Majors are the PostgreSQL majors that there are builds for, the newest first; Platforms the same of platforms.
	Majors    []int
	Platforms []string
	// Trending are the projects that grow most over 7 days.
	Trending []Trend
	// Newest are the versions that came last, Categories the fullest categories.
	Newest     []Row
	Categories []Choice
	// Projects, Versions and Builds are how many there are in all.
	Projects, Versions, Builds int
	// Publish are the commands that publish something.
	Publish Command
}

// Trend is a project that grows.
type Trend struct {
	Row

	// Installers are those of the window, Before of the one before it.
	Installers, Before int
}

// Growth says by how much.
func (t Trend) Growth() string {
	if t.Before == 0 {
		return "new"
	}
	return "+" + Number(int(math.Round(float64(t.Installers-t.Before)*100/float64(t.Before)))) + " %" //nolint:mnd // per cent
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
