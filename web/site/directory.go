package site

import "time"

// Category answers what there is of one kind.
type Category struct {
	Page
	Results

	Name, Slug, Sentence string
	// Others are the other categories.
	Others []Choice
	// Follow is where letters are asked for; "" where none are sent.
	Follow string
}

func (*Category) template() string { return "category" }

// Categories lists all of them.
type Categories struct {
	Page

	List []Shelf
}

func (*Categories) template() string { return "categories" }

// Shelf is a category in the list.
type Shelf struct {
	Choice

	Sentence string
}

// Owner answers who somebody is and what they keep.
type Owner struct {
	Page

	Name string
	// Projects are those that may be used, Deprecated the rest. A row without a version has none that may be installed.
	Projects, Deprecated []Row
	// Shared is how many of them have other owners too.
	Shared int
	// Since is when the first of the projects was published; zero without one.
	Since time.Time
	// Follow is where letters are asked for; "" where none are sent.
	Follow string
}

func (*Owner) template() string { return "owner" }

// Count is how many projects they own.
func (o *Owner) Count() int { return len(o.Projects) + len(o.Deprecated) }
