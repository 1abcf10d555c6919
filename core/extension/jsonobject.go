package extension

import (
	"encoding/json"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"pgtrunk.io/registry/core/fault"
)

// Limits of what a publisher writes, in characters and items; openapi.yaml has the same.
const (
	textLimit  = 4_000
	linkLimit  = 2_048
	lineLimit  = 200
	itemsLimit = 1_000
	// faultsLimit bounds what a document full of faults is answered with.
	faultsLimit = 100
)

// object reads a JSON object whose members may be null, which means absent. It notes all that is wrong instead of
// stopping at the first, so that a publisher learns everything at once.
type object struct {
	members map[string]json.RawMessage
	// at is the JSON pointer (RFC 6901) of the object itself.
	at string
	// wrong collects the faults of the whole document.
	wrong *[]fault.Field
}

// parseObject reads a document. It is false where that is no JSON object in UTF-8.
func parseObject(raw []byte) (object, bool) {
	o := object{wrong: &[]fault.Field{}}
	ok := utf8.Valid(raw) && json.Unmarshal(raw, &o.members) == nil && o.members != nil
	return o, ok
}

func (o object) pointer(name string) string {
	return o.at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// names gives the members' names in order, so that faults come in the same order each time.
func (o object) names() []string { return slices.Sorted(maps.Keys(o.members)) }

func (o object) note(pointer, detail string) {
	if len(*o.wrong) == faultsLimit {
		return
	}
	*o.wrong = append(*o.wrong, fault.Field{Pointer: pointer, Detail: detail})
}

// member finds the first of the names that is there and not null; older clients spell some differently.
func (o object) member(names ...string) (raw json.RawMessage, pointer string, ok bool) {
	for _, name := range names {
		if raw, ok := o.members[name]; ok && string(raw) != "null" {
			return raw, o.pointer(name), true
		}
	}
	return nil, o.pointer(names[0]), false
}

// read decodes a member into a value and says what it has to be where that fails.
func read[T any](o object, form string, names ...string) (value T, pointer string, ok bool) {
	raw, pointer, ok := o.member(names...)
	if !ok {
		return value, pointer, false
	}
	if json.Unmarshal(raw, &value) != nil {
		o.note(pointer, "This has to be "+form+".")
		return *new(T), pointer, false
	}
	return value, pointer, true
}

// text reads prose: line breaks and tabs are fine, other control characters are not.
func (o object) text(name string) string {
	value, pointer, _ := read[string](o, "a text", name)
	return o.checked(value, pointer, textLimit, "\n\r\t")
}

// line reads a text without line breaks.
func (o object) line(names ...string) string { return o.short(lineLimit, names...) }

func (o object) short(limit int, names ...string) string {
	value, pointer, _ := read[string](o, "a text", names...)
	return o.checked(value, pointer, limit, "")
}

// requiredLine reads a line that has to be there.
func (o object) requiredLine(names ...string) string {
	_, pointer, there := o.member(names...)
	value := o.line(names...)
	if !there || value == "" && !o.isWrong(pointer) {
		o.note(pointer, "This has to be given.")
	}
	return value
}

func (o object) isWrong(pointer string) bool {
	for _, f := range *o.wrong {
		if f.Pointer == pointer {
			return true
		}
	}
	return false
}

func (o object) checked(value, pointer string, limit int, controls string) string {
	switch {
	case utf8.RuneCountInString(value) > limit:
		o.note(pointer, "This is over "+strconv.Itoa(limit)+" characters long. Make it shorter.")
	case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune(controls, r) }):
		o.note(pointer, "This holds a control character. Take it out.")
	default:
		return value
	}
	return ""
}

// link reads an address. Text without a scheme is taken, since published clients send what people typed; it is never
// shown as a link. A scheme other than http and https is refused.
func (o object) link(name string) string {
	value := strings.TrimSpace(o.short(linkLimit, name))
	if value == "" {
		return ""
	}
	u, err := url.Parse(value)
	isLink := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
	if isLink || err == nil && u.Scheme == "" && u.Host == "" {
		return value
	}
	o.note(o.pointer(name), "This has to be an address that begins with https:// or http://.")
	return ""
}

// lines reads a list of lines that are not empty; it is nil where the member is absent.
func (o object) lines(names ...string) []string {
	items, pointer, ok := read[[]*string](o, "a list of texts", names...)
	if !ok || !o.fits(len(items), pointer) {
		return nil
	}
	values := make([]string, 0, len(items))
	for i, item := range items {
		place := pointer + "/" + strconv.Itoa(i)
		if item == nil || *item == "" {
			o.note(place, "This has to be a text.")
			continue
		}
		values = append(values, o.checked(*item, place, lineLimit, ""))
	}
	return values
}

// extensionNames reads a list of names of extensions.
func (o object) extensionNames(name string) []string {
	names := o.lines(name)
	for i, n := range names {
		if _, err := ParseExtensionName(n); err != nil {
			o.note(o.pointer(name)+"/"+strconv.Itoa(i), "This has to be the name of an extension.")
		}
	}
	return names
}

// lists reads lists of lines by name.
func (o object) lists(name string) map[string][]string {
	inner, ok := o.object(name)
	if !ok || !o.fits(len(inner.members), inner.at) {
		return nil
	}
	lists := make(map[string][]string, len(inner.members))
	for _, key := range inner.names() {
		if inner.checked(key, inner.pointer(key), lineLimit, "") != key {
			continue
		}
		lists[key] = inner.lines(key)
	}
	return lists
}

// object reads a member that is an object.
func (o object) object(name string) (object, bool) {
	members, pointer, ok := read[map[string]json.RawMessage](o, "an object", name)
	return object{members: members, at: pointer, wrong: o.wrong}, ok
}

// objects reads a list of objects.
func (o object) objects(name string) ([]object, bool) {
	items, pointer, ok := read[[]map[string]json.RawMessage](o, "a list of objects", name)
	if !ok || !o.fits(len(items), pointer) {
		return nil, false
	}
	objects := make([]object, len(items))
	for i, members := range items {
		objects[i] = object{members: members, at: pointer + "/" + strconv.Itoa(i), wrong: o.wrong}
	}
	return objects, true
}

func (o object) fits(items int, pointer string) bool {
	if items > itemsLimit {
		o.note(pointer, "This has more than "+strconv.Itoa(itemsLimit)+" items. Take some out.")
		return false
	}
	return true
}

// flag reads a boolean that has to be there.
func (o object) flag(names ...string) bool {
	value, pointer, ok := read[bool](o, "true or false", names...)
	if !ok && !o.isWrong(pointer) {
		o.note(pointer, "This has to be true or false.")
	}
	return value
}

// integer reads a 32-bit number.
func (o object) integer(name string, otherwise int32) int32 {
	value, pointer, ok := read[float64](o, "a whole number", name)
	switch {
	case !ok:
		return otherwise
	case value != math.Trunc(value) || value < math.MinInt32 || value > math.MaxInt32:
		o.note(pointer, "This has to be a whole number of 32 bits.")
		return otherwise
	default:
		return int32(value)
	}
}

// configurations reads settings; nil where the member is absent.
func (o object) configurations(name string) []Configuration {
	items, ok := o.objects(name)
	if !ok {
		return nil
	}
	configurations := make([]Configuration, len(items))
	for i, item := range items {
		configurations[i] = Configuration{
			Name:     item.requiredLine("configuration_name", "name"),
			Required: item.flag("is_required", "required"),
		}
		if _, _, there := item.member("recommended_default_value", "default"); there {
			value := item.line("recommended_default_value", "default")
			configurations[i].Default = &value
		}
	}
	return configurations
}

// libraries reads libraries that the server loads; nil where the member is absent.
func (o object) libraries(name string) []LoadableLibrary {
	items, ok := o.objects(name)
	if !ok {
		return nil
	}
	libraries := make([]LoadableLibrary, len(items))
	for i, item := range items {
		libraries[i] = LoadableLibrary{
			Name:            item.requiredLine("library_name"),
			RequiresRestart: item.flag("requires_restart"),
			Priority:        item.integer("priority", DefaultPriority),
		}
	}
	return libraries
}
