package site

// Application is a project for machines (https://schema.org/SoftwareApplication).
type Application struct {
	Context      string `json:"@context"`
	Type         string `json:"@type"`
	Name         string `json:"name"`
	Description  string `json:"description,omitempty"`
	URL          string `json:"url"`
	Version      string `json:"softwareVersion"`
	Published    string `json:"datePublished"`
	License      string `json:"license,omitempty"`
	System       string `json:"operatingSystem"`
	Category     string `json:"applicationCategory"`
	Requirements string `json:"softwareRequirements,omitempty"`
	Download     string `json:"downloadUrl,omitempty"`
	Author       []Who  `json:"author"`
	Offers       Offer  `json:"offers"`
}

// Who is a person for machines.
type Who struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

// Offer says what it costs.
type Offer struct {
	Type     string `json:"@type"`
	Price    int    `json:"price"`
	Currency string `json:"priceCurrency"`
}

// Breadcrumb is the way to a page for machines (https://schema.org/BreadcrumbList).
type Breadcrumb struct {
	Context string  `json:"@context"`
	Type    string  `json:"@type"`
	Items   []Crumb `json:"itemListElement"`
}

// Crumb is a step of it.
type Crumb struct {
	Type     string `json:"@type"`
	Position int    `json:"position"`
	Name     string `json:"name"`
	Item     string `json:"item"`
}

// schema is where the types are defined.
const schema = "https://schema.org"

// LinkedApplication completes what every application has.
func LinkedApplication(a Application) Application {
	a.Context, a.Type, a.System, a.Category = schema, "SoftwareApplication", "Linux", "DeveloperApplication"
	a.Offers = Offer{Type: "Offer", Price: 0, Currency: "USD"}
	for i := range a.Author {
		a.Author[i].Type = "Person"
	}
	return a
}

// LinkedBreadcrumb makes one of links with absolute addresses.
func LinkedBreadcrumb(links ...Link) Breadcrumb {
	b := Breadcrumb{Context: schema, Type: "BreadcrumbList"}
	for i, link := range links {
		b.Items = append(b.Items, Crumb{Type: "ListItem", Position: i + 1, Name: link.Text, Item: link.Address})
	}
	return b
}
