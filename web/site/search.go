package site

// Search answers which extensions do what somebody needs, and whether they run on what they have.
type Search struct {
	Page
	Results

	// DidYouMean is the search with its words put right; its address is "" where there is nothing to put right.
	DidYouMean Choice
	// Without are, where nothing was found, the searches with one filter less that find something.
	Without []Choice
	// Nearest are projects that come close where nothing was found.
	Nearest []Link
}

func (*Search) template() string { return "search" }

// Heading says what was found.
func (s *Search) Heading() string {
	heading := s.Count()
	if s.Asked.Text != "" {
		heading += " for “" + s.Asked.Text + "”"
	}
	if pair := s.Asked.Pair.String(); pair != "" {
		heading += ", " + pair
	}
	return heading
}
