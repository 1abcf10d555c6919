package postgres

import (
	"reflect"
	"testing"

	"pgtrunk.io/registry/ports"
)

func TestTSQuery(t *testing.T) {
	stem := func(text string) ports.SearchExpression { return ports.SearchExpression{Stem: text} }
	everything := ports.SearchExpression{}
	for want, e := range map[string]ports.SearchExpression{
		`'vector'`:                         stem("vector"),
		`'vec':*`:                          {Stem: "vec", Prefix: true},
		`'O''Reilly \\ & :* <->'`:          stem(`O'Reilly \ & :* <->`),
		`'pg=17'`:                          {Facet: "pg=17"},
		`('a''' <-> 'b')`:                  {Phrase: []string{"a'", "b"}},
		`!('a' <-> 'b')`:                   {Not: &ports.SearchExpression{Phrase: []string{"a", "b"}}},
		`('a' & ('b' | 'c'))`:              {All: []ports.SearchExpression{stem("a"), everything, {Any: []ports.SearchExpression{stem("b"), stem("c")}}}},
		`'a'`:                              {Any: []ports.SearchExpression{{All: []ports.SearchExpression{stem("a")}}}},
		`!'nothing='`:                      everything,
		`'nothing='`:                       {Not: &ports.SearchExpression{All: []ports.SearchExpression{everything}}},
		`('c' & !'nothing=' & 'nothing=')`: {All: []ports.SearchExpression{stem("c"), {Not: &ports.SearchExpression{Not: &everything}}, {Not: &everything}}},
	} {
		if got := condition(e); got != want {
			t.Errorf("%+v is %s, want %s", e, got, want)
		}
	}
	if got := condition(ports.SearchExpression{Any: []ports.SearchExpression{stem("a"), everything}}); got != condition(everything) {
		t.Errorf("any of everything is %s", got)
	}
}

func TestFound(t *testing.T) {
	at := func(stem string, field ports.SearchField, position int) ports.SearchFound {
		return ports.SearchFound{Stem: stem, Field: field, Position: position}
	}
	for vector, want := range map[string][]ports.SearchFound{
		``:                       nil,
		`'cron':2A`:              {at("cron", ports.SearchInName, 2)},
		`'cron':2A,5C,16383`:     {at("cron", ports.SearchInName, 2), at("cron", ports.SearchInDescription, 5), at("cron", ports.SearchInCategory, 16383)},
		`'job':1B 'x':2 'xyz':3`: {at("job", ports.SearchInExtension, 1), at("xyz", ports.SearchInCategory, 3)},
		`'other' 'job':4C`:       {at("job", ports.SearchInDescription, 4)},
		`'it''s':1A '\\':2B`:     {at("it's", ports.SearchInName, 1), at(`\`, ports.SearchInExtension, 2)},
		`'''':1 'a b':2 'job':3`: {at("job", ports.SearchInCategory, 3)},
		`'b\\''c''':7C`:          {at(`b\'c'`, ports.SearchInDescription, 7)},
		`'job':1A nonsense`:      {at("job", ports.SearchInName, 1)},
		`'job`:                   nil,
		`job`:                    nil,
		`'`:                      nil,
		`'\`:                     nil,
	} {
		wanted := stemsWanted{whole: []string{"cron", "job", "it's", `\`, `b\'c'`}, beginnings: []string{"xy", "jo"}}
		if got := wanted.in(foundIn(vector)); !reflect.DeepEqual(got, want) {
			t.Errorf("in %s was found %+v, want %+v", vector, got, want)
		}
	}
}
