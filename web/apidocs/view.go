package apidocs

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/yuin/goldmark"
)

// The view is what the template walks through: everything resolved, ordered and turned into text beforehand.
type (
	pageView struct {
		Title, Version, Summary string
		Intro                   template.HTML
		License                 string
		Servers                 []serverView
		Schemes                 []schemeView
		Groups                  []groupView
		Schemas                 []schemaView
	}
	serverView struct {
		URL         string
		Description template.HTML
		Variables   []rowView
	}
	schemeView struct {
		Name, Kind  string
		Description template.HTML
	}
	groupView struct {
		ID, Name    string
		Description template.HTML
		Operations  []operationView
	}
	operationView struct {
		ID, Method, Path, Summary string
		Deprecated                bool
		Description               template.HTML
		Security                  []securityView
		Parameters                []rowView
		Body                      *contentView
		Responses                 []contentView
		Command                   string
	}
	securityView struct {
		Scheme string
		Scopes []string
	}
	// contentView is a request body, or the answers of one shape.
	contentView struct {
		// Owner makes the names of its tables unique on the page.
		Owner       string
		Status      string
		Required    bool
		Description template.HTML
		Headers     []rowView
		Media       []mediaView
	}
	mediaView struct {
		Type     string
		Of       typeView
		Rows     []rowView
		Examples []exampleView
	}
	exampleView struct{ Title, Text string }
	// rowView is a parameter, a header or a property; Name of a nested property is the path to it.
	rowView struct {
		Name, In    string
		Required    bool
		Deprecated  bool
		Of          typeView
		Description template.HTML
		Rules       []string
		Values      []string
		Example     string
	}
	// typeView reads "array of X or null", X being a link where it has a name.
	typeView struct{ Before, Name, Link, After string }
	// schemaView is a named schema.
	schemaView struct {
		Name        string
		Of          typeView
		Description template.HTML
		Rules       []string
		Values      []valueView
		Rows        []rowView
		Example     string
	}
	valueView struct{ Value, Description string }
)

// reader turns a document into its view.
type reader struct{ doc *openapi3.T }

func newReader(doc *openapi3.T) *reader { return &reader{doc: doc} }

func (r *reader) page() (*pageView, error) {
	doc := r.doc
	if doc == nil || doc.Info == nil || doc.Paths == nil {
		return nil, fmt.Errorf("rendering the reading page: the document has no info or no paths")
	}
	view := &pageView{
		Title: doc.Info.Title, Version: doc.Info.Version, Summary: doc.Info.Summary, Intro: markdown(doc.Info.Description),
	}
	if license := doc.Info.License; license != nil {
		view.License = license.Name
	}
	for _, server := range doc.Servers {
		shown := serverView{URL: server.URL, Description: markdown(server.Description)}
		for _, name := range ordered(server.Variables, func(v *openapi3.ServerVariable) *openapi3.Origin { return v.Origin }) {
			variable := server.Variables[name]
			shown.Variables = append(shown.Variables, rowView{
				Name: name, Description: markdown(variable.Description), Values: variable.Enum, Rules: []string{"default " + variable.Default},
			})
		}
		view.Servers = append(view.Servers, shown)
	}
	if components := doc.Components; components != nil {
		for _, name := range ordered(components.SecuritySchemes, originOfScheme) {
			scheme := components.SecuritySchemes[name].Value
			view.Schemes = append(view.Schemes, schemeView{
				Name: name, Kind: strings.TrimSpace(scheme.Type + " " + scheme.Scheme), Description: markdown(scheme.Description),
			})
		}
		for _, name := range ordered(components.Schemas, originOfSchema) {
			view.Schemas = append(view.Schemas, r.schema(name, components.Schemas[name]))
		}
	}
	view.Groups = r.groups()
	return view, nil
}

// groups puts every operation under its first tag, the tags in the order of the document.
func (r *reader) groups() []groupView {
	var groups []groupView
	at := map[string]int{}
	group := func(name, description string) int {
		if i, ok := at[name]; ok {
			return i
		}
		at[name] = len(groups)
		groups = append(groups, groupView{ID: "tag-" + slug(name), Name: name, Description: markdown(description)})
		return at[name]
	}
	for _, tag := range r.doc.Tags {
		group(tag.Name, tag.Description)
	}
	for _, p := range ordered(r.doc.Paths.Map(), func(item *openapi3.PathItem) *openapi3.Origin { return item.Origin }) {
		item := r.doc.Paths.Value(p)
		operations := item.Operations()
		for _, method := range methods {
			operation, ok := operations[method]
			if !ok {
				continue
			}
			tag := "other"
			if len(operation.Tags) > 0 {
				tag = operation.Tags[0]
			}
			i := group(tag, "")
			groups[i].Operations = append(groups[i].Operations, r.operation(p, method, item, operation))
		}
	}
	return slices.DeleteFunc(groups, func(g groupView) bool { return len(g.Operations) == 0 })
}

var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
	http.MethodOptions, http.MethodTrace,
}

func (r *reader) operation(p, method string, item *openapi3.PathItem, operation *openapi3.Operation) operationView {
	view := operationView{
		ID: operation.OperationID, Method: method, Path: p, Summary: operation.Summary, Deprecated: operation.Deprecated,
		Description: markdown(operation.Description),
	}
	if view.ID == "" {
		view.ID = slug(method + "-" + p)
	}
	security := r.doc.Security
	if operation.Security != nil {
		security = *operation.Security
	}
	for _, alternative := range security {
		for _, scheme := range ordered(alternative, func([]string) *openapi3.Origin { return nil }) {
			view.Security = append(view.Security, securityView{Scheme: scheme, Scopes: alternative[scheme]})
		}
	}
	for _, ref := range slices.Concat(item.Parameters, operation.Parameters) {
		view.Parameters = append(view.Parameters, r.parameter(ref.Value))
	}
	if ref := operation.RequestBody; ref != nil {
		view.Body = &contentView{
			Owner: view.ID + "'s body", Required: ref.Value.Required, Description: markdown(ref.Value.Description), Media: r.media(ref.Value.Content),
		}
	}
	view.Responses = r.responses(view.ID, operation.Responses)
	view.Command = r.command(p, method, slices.Concat(item.Parameters, operation.Parameters), operation, view)
	return view
}

// responses lists the answers by status, those that are one and the same component as one entry.
func (r *reader) responses(operation string, responses *openapi3.Responses) []contentView {
	if responses == nil {
		return nil
	}
	var views []contentView
	at := map[string]int{}
	statuses := make([]string, 0, responses.Len())
	for status := range responses.Map() {
		statuses = append(statuses, status)
	}
	slices.Sort(statuses) // digits before "default"
	for _, status := range statuses {
		ref := responses.Value(status)
		name := status
		if code, err := strconv.Atoi(status); err == nil && http.StatusText(code) != "" {
			name = status + " " + http.StatusText(code)
		} else if status == "default" {
			name = "any other"
		}
		if i, ok := at[ref.Ref]; ok && ref.Ref != "" {
			views[i].Status += ", " + name
			continue
		}
		at[ref.Ref] = len(views)
		view := contentView{Owner: operation + "'s answer " + status, Status: name, Media: r.media(ref.Value.Content)}
		if ref.Value.Description != nil {
			view.Description = markdown(*ref.Value.Description)
		}
		for _, header := range ordered(ref.Value.Headers, func(h *openapi3.HeaderRef) *openapi3.Origin { return h.Origin }) {
			row := r.parameter(&ref.Value.Headers[header].Value.Parameter)
			row.Name = header
			view.Headers = append(view.Headers, row)
		}
		views = append(views, view)
	}
	return views
}

func (r *reader) parameter(parameter *openapi3.Parameter) rowView {
	row := rowView{
		Name: parameter.Name, In: parameter.In, Required: parameter.Required, Deprecated: parameter.Deprecated,
		Description: markdown(parameter.Description),
	}
	if ref := parameter.Schema; ref != nil {
		row.Of = r.typeOf(ref)
		row.Rules = rules(ref.Value)
		if ref.Ref == "" {
			row.Values = values(ref.Value.Enum)
		}
	}
	if example := r.parameterExample(parameter); example != nil {
		row.Example = text(example)
	}
	return row
}

func (r *reader) parameterExample(parameter *openapi3.Parameter) any {
	if parameter.Example != nil {
		return parameter.Example
	}
	for _, name := range ordered(parameter.Examples, originOfExample) {
		return parameter.Examples[name].Value.Value
	}
	if parameter.Schema != nil {
		return sample(parameter.Schema, 0)
	}
	return nil
}

func (r *reader) media(content openapi3.Content) []mediaView {
	var views []mediaView
	for _, mediaType := range ordered(content, func(m *openapi3.MediaType) *openapi3.Origin { return m.Origin }) {
		media := content[mediaType]
		view := mediaView{Type: mediaType}
		if media.Schema != nil {
			view.Of = r.typeOf(media.Schema)
			if media.Schema.Ref == "" || strings.HasPrefix(mediaType, "multipart/") {
				view.Rows = r.rows(media.Schema, "", 0)
			}
		}
		switch {
		case len(media.Examples) > 0:
			for _, name := range ordered(media.Examples, originOfExample) {
				example := media.Examples[name].Value
				view.Examples = append(view.Examples, exampleView{Title: cmp.Or(example.Summary, name), Text: block(example.Value)})
			}
		case media.Example != nil:
			view.Examples = []exampleView{{Text: block(media.Example)}}
		case media.Schema != nil && !strings.HasPrefix(mediaType, "multipart/") && !binary(media.Schema.Value):
			view.Examples = []exampleView{{Text: block(sample(media.Schema, 0))}}
		}
		views = append(views, view)
	}
	return views
}

func (r *reader) schema(name string, ref *openapi3.SchemaRef) schemaView {
	view := schemaView{
		Name: name, Of: r.typeOf(&openapi3.SchemaRef{Value: ref.Value}), Description: markdown(ref.Value.Description),
		Rules: rules(ref.Value), Rows: r.rows(&openapi3.SchemaRef{Value: ref.Value}, "", 0),
	}
	for _, value := range ref.Value.Enum {
		view.Values = append(view.Values, valueView{Value: text(value)})
	}
	for _, alternative := range ref.Value.OneOf {
		if alternative.Value != nil && alternative.Value.Const != nil {
			view.Values = append(view.Values, valueView{
				Value: text(alternative.Value.Const), Description: cmp.Or(alternative.Value.Description, alternative.Value.Title),
			})
		}
	}
	if len(view.Rows) > 0 {
		view.Example = block(sample(ref, 0))
	}
	return view
}

// rows lists the properties of an object, those of unnamed objects inside it as paths; a named schema is a link.
func (r *reader) rows(ref *openapi3.SchemaRef, prefix string, depth int) []rowView {
	const deepest = 4
	if ref == nil || ref.Value == nil || depth > deepest {
		return nil
	}
	schema := ref.Value
	if items := schema.Items; schema.Type.Includes("array") && items != nil && items.Ref == "" {
		return r.rows(items, prefix+"[]", depth+1)
	}
	var rows []rowView
	for _, part := range schema.AllOf {
		rows = append(rows, r.rows(part, prefix, depth+1)...)
	}
	for _, name := range ordered(schema.Properties, originOfSchema) {
		property := schema.Properties[name]
		row := rowView{
			Name: strings.TrimPrefix(prefix+"."+name, "."), Required: slices.Contains(schema.Required, name),
			Deprecated: property.Value.Deprecated, Of: r.typeOf(property),
		}
		if property.Ref == "" {
			row.Description, row.Rules, row.Values = markdown(property.Value.Description), rules(property.Value), values(property.Value.Enum)
			if example := firstExample(property.Value); example != nil {
				row.Example = text(example)
			}
		} else {
			row.Description = markdown(property.Value.Description)
		}
		rows = append(rows, row)
		if property.Ref == "" {
			rows = append(rows, r.rows(property, row.Name, depth+1)...)
		}
	}
	return rows
}

// typeOf says what a schema is in words, with the named schema in it as a link.
func (r *reader) typeOf(ref *openapi3.SchemaRef) typeView {
	if ref == nil || ref.Value == nil {
		return typeView{Name: "any"}
	}
	if ref.Ref != "" {
		name := ref.Ref[strings.LastIndexByte(ref.Ref, '/')+1:]
		return typeView{Name: name, Link: "#schema-" + name}
	}
	schema := ref.Value
	nullable := schema.Type.Includes("null") || schema.Nullable
	view := typeView{Name: "any"}
	var kinds []string
	for _, kind := range schema.Type.Slice() {
		if kind != "null" {
			kinds = append(kinds, kind)
		}
	}
	switch {
	case slices.Contains(kinds, "array"):
		view = r.typeOf(schema.Items)
		view.Before = "array of " + view.Before
	case slices.Contains(kinds, "object") && schema.AdditionalProperties.Schema != nil:
		view = r.typeOf(schema.AdditionalProperties.Schema)
		view.Before = "object, each value " + view.Before
	case len(kinds) > 0:
		view.Name = strings.Join(kinds, " or ")
	case len(schema.AllOf) == 1:
		view = r.typeOf(schema.AllOf[0])
	default:
		// One named alternative and null is the usual way to say that a named schema may be missing.
		var parts []*openapi3.SchemaRef
		for _, part := range slices.Concat(schema.OneOf, schema.AnyOf) {
			if part.Value.Type.Is("null") {
				nullable = true
				continue
			}
			parts = append(parts, part)
		}
		if len(parts) == 1 {
			view = r.typeOf(parts[0])
		} else if len(parts) > 1 {
			names := make([]string, len(parts))
			for i, part := range parts {
				names[i] = r.typeOf(part).Name
			}
			view.Name = strings.Join(names, " or ")
		}
	}
	if nullable {
		view.After += " or null"
	}
	return view
}

// rules says what a value has to keep beside its type.
func rules(schema *openapi3.Schema) []string {
	var said []string
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	if schema.Format != "" {
		say("format %s", schema.Format)
	}
	if schema.ContentMediaType != "" {
		say("content %s", schema.ContentMediaType)
	}
	switch least, most := schema.MinLength, schema.MaxLength; {
	case least > 0 && most != nil:
		say("%d to %d characters", least, *most)
	case least > 0:
		say("at least %d characters", least)
	case most != nil:
		say("at most %d characters", *most)
	}
	switch least, most := schema.MinItems, schema.MaxItems; {
	case least > 0 && most != nil:
		say("%d to %d items", least, *most)
	case least > 0:
		say("at least %d items", least)
	case most != nil:
		say("at most %d items", *most)
	}
	switch {
	case schema.Min != nil && schema.Max != nil:
		say("%s to %s", number(*schema.Min), number(*schema.Max))
	case schema.Min != nil:
		say("at least %s", number(*schema.Min))
	case schema.Max != nil:
		say("at most %s", number(*schema.Max))
	}
	if schema.Pattern != "" {
		say("matches %s", schema.Pattern)
	}
	if schema.Const != nil {
		say("always %s", text(schema.Const))
	}
	if schema.Default != nil {
		say("default %s", text(schema.Default))
	}
	return said
}

// sample makes an example of a schema out of the examples in it.
func sample(ref *openapi3.SchemaRef, depth int) any {
	const deepest = 8
	if ref == nil || ref.Value == nil || depth > deepest {
		return nil
	}
	schema := ref.Value
	if example := firstExample(schema); example != nil {
		return example
	}
	for _, part := range slices.Concat(schema.OneOf, schema.AnyOf, schema.AllOf) {
		if part.Value != nil && part.Value.Const != nil {
			return part.Value.Const
		}
		if part.Value != nil && !part.Value.Type.Is("null") {
			return sample(part, depth+1)
		}
	}
	switch {
	case schema.Const != nil:
		return schema.Const
	case len(schema.Enum) > 0:
		return schema.Enum[0]
	case schema.Default != nil:
		return schema.Default
	case schema.Type.Includes("object"):
		object := orderedObject{}
		for _, name := range ordered(schema.Properties, originOfSchema) {
			object = append(object, member{name, sample(schema.Properties[name], depth+1)})
		}
		return object
	case schema.Type.Includes("array"):
		if item := sample(schema.Items, depth+1); item != nil {
			return []any{item}
		}
		return []any{}
	case schema.Type.Includes("string"):
		return "…"
	case schema.Type.Includes("boolean"):
		return true
	case schema.Type.Includes("integer"), schema.Type.Includes("number"):
		return 1
	default:
		return nil
	}
}

// orderedObject is a JSON object that keeps its order, in which a generated example is easier to compare with its table.
type (
	orderedObject []member
	member        struct {
		name  string
		value any
	}
)

// MarshalJSON writes the members in their order.
func (o orderedObject) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// marshal is json.Marshal without the escapes for HTML: html/template does those.
func marshal(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("an example is no JSON: %w", err)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

func firstExample(schema *openapi3.Schema) any {
	if schema.Example != nil {
		return schema.Example
	}
	if len(schema.Examples) > 0 {
		return schema.Examples[0]
	}
	return nil
}

// command is the operation as a curl command, filled in with the examples of its parameters.
func (r *reader) command(
	p, method string, parameters openapi3.Parameters, operation *openapi3.Operation, view operationView,
) string {
	query := url.Values{}
	for _, ref := range parameters {
		parameter := ref.Value
		example := r.parameterExample(parameter)
		switch {
		case example == nil:
		case parameter.In == openapi3.ParameterInPath:
			p = strings.ReplaceAll(p, "{"+parameter.Name+"}", url.PathEscape(text(example)))
		case parameter.In == openapi3.ParameterInQuery && parameter.Required:
			query.Set(parameter.Name, text(example))
		}
	}
	if len(query) > 0 {
		p += "?" + query.Encode()
	}
	var parts []string
	switch method {
	case http.MethodGet:
	case http.MethodHead:
		parts = append(parts, "--head")
	default:
		parts = append(parts, "-X "+method)
	}
	if len(view.Security) > 0 {
		parts = append(parts, `-H "Authorization: Bearer $TRUNK_API_TOKEN"`)
	}
	if operation.RequestBody != nil {
		parts = append(parts, r.bodyArguments(operation.RequestBody.Value.Content)...)
	}
	parts = append(parts, `"$TRUNK_REGISTRY_URL`+p+`"`)
	return "curl " + strings.Join(parts, " \\\n     ")
}

func (r *reader) bodyArguments(content openapi3.Content) []string {
	var arguments []string
	for _, mediaType := range ordered(content, func(m *openapi3.MediaType) *openapi3.Origin { return m.Origin }) {
		media := content[mediaType]
		if media.Schema == nil {
			continue
		}
		if mediaType != "multipart/form-data" {
			body := media.Example
			if body == nil {
				body = sample(media.Schema, 0)
			}
			return []string{"-H 'Content-Type: " + mediaType + "'", "-d '" + text(body) + "'"}
		}
		for _, name := range ordered(media.Schema.Value.Properties, originOfSchema) {
			property := media.Schema.Value.Properties[name]
			if binary(property.Value) {
				arguments = append(arguments, "-F "+name+"=@./archive.tar.gz")
			} else {
				arguments = append(arguments, "-F "+name+"='"+text(sample(property, 0))+"'")
			}
		}
		return arguments
	}
	return arguments
}

// binary tells bytes from text.
func binary(schema *openapi3.Schema) bool {
	return schema.Format == "binary" ||
		schema.ContentMediaType != "" && !strings.Contains(schema.ContentMediaType, "json") && !strings.HasPrefix(schema.ContentMediaType, "text/")
}

func values(enum []any) []string {
	var shown []string
	for _, value := range enum {
		shown = append(shown, text(value))
	}
	return shown
}

// text is a value in one line: a string as it is, everything else as JSON.
func text(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	b, err := marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(b)
}

// block is a value as a block: a string as it is, everything else as indented JSON.
func block(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	b, err := marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, b, "", "  "); err != nil {
		return string(b)
	}
	return indented.String()
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func slug(name string) string {
	return strings.Trim(strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			return c
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		default:
			return '-'
		}
	}, name), "-")
}

// markdown renders a description. goldmark leaves HTML in its input out, so that what comes out is ours.
func markdown(source string) template.HTML {
	if source == "" {
		return ""
	}
	var b bytes.Buffer
	if err := goldmark.Convert([]byte(source), &b); err != nil {
		return template.HTML(template.HTMLEscapeString(source)) //nolint:gosec // escaped in this line
	}
	return template.HTML(b.String()) //nolint:gosec // goldmark's output without the option to keep raw HTML
}

// ordered gives the keys of a map in the order of the document, or of the alphabet where it has no places.
func ordered[V any](m map[string]V, origin func(V) *openapi3.Origin) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	line := func(key string) (int, int) {
		if o := origin(m[key]); o != nil && o.Key != nil {
			return o.Key.Line, o.Key.Column
		}
		return 0, 0
	}
	slices.SortFunc(keys, func(a, b string) int {
		lineA, columnA := line(a)
		lineB, columnB := line(b)
		return cmp.Or(cmp.Compare(lineA, lineB), cmp.Compare(columnA, columnB), cmp.Compare(a, b))
	})
	return keys
}

func originOfSchema(ref *openapi3.SchemaRef) *openapi3.Origin {
	if ref.Origin != nil || ref.Value == nil || ref.Ref != "" {
		return ref.Origin
	}
	return ref.Value.Origin
}

func originOfExample(ref *openapi3.ExampleRef) *openapi3.Origin {
	if ref.Origin != nil || ref.Value == nil {
		return ref.Origin
	}
	return ref.Value.Origin
}

func originOfScheme(ref *openapi3.SecuritySchemeRef) *openapi3.Origin {
	if ref.Origin != nil || ref.Value == nil {
		return ref.Origin
	}
	return ref.Value.Origin
}
