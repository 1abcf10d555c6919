package site

import "math"

// Usage tells how much a project is downloaded, over stretches of days that end today.
type Usage struct {
	// Total is of all time, Recent of the last 30 days; Installers are different clients, each counted once a day, in those.
	Total, Recent, Installers int
	// Chart has the last weeks by version.
	Chart Chart
	// API has the same for programs.
	API string
}

// Stats answers how the whole is doing.
type Stats struct {
	Page

	Projects, Versions, Builds, Publishers int
	Majors                                 []int
	// Chart has the downloads of the last weeks; Postgres and Platforms are shares of the last 30 days.
	Chart               Chart
	Postgres, Platforms []Share
	// Recent and Installers are downloads and clients of the last 30 days, Total downloads of all time; Robots come on top.
	Total, Recent, Installers, Robots int
	// Popular are downloaded most in 30 days, Newest came last.
	Popular, Newest []Row
	// Waiting is how many projects have no build for the newest major there are builds for.
	Waiting, NewestMajor int
}

func (*Stats) template() string { return "stats" }

// Share is a part of something.
type Share struct {
	Name string
	// Downloads are its own; Of are all.
	Downloads, Of int
	// Projects is how many have a build.
	Projects int
}

// Percent is the part of all, to the nearest.
func (s Share) Percent() int {
	if s.Of == 0 {
		return 0
	}
	return int(math.Round(float64(s.Downloads) * 100 / float64(s.Of))) //nolint:mnd // per cent
}

// On says what there are builds for.
func (s *Stats) On() string { return Row{Majors: s.Majors}.On() }

// Shares are the parts by something.
type Shares struct {
	Of     string
	Shares []Share
}

// ByPostgres are the shares of majors.
func (s *Stats) ByPostgres() Shares { return Shares{"PostgreSQL", s.Postgres} }

// ByPlatform are the shares of platforms.
func (s *Stats) ByPlatform() Shares { return Shares{"Platform", s.Platforms} }
