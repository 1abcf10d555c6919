package postgres

import "fmt"

// record reads the values of a record that a query has made, one after the other. The driver knows no types for them: it
// gives each as what PostgreSQL says that it is.
type record struct {
	values []any
	// wrong is the first fault that was found.
	wrong error
}

// records are those of a list that a query has made.
func records(list any) ([]record, error) {
	items, ok := list.([]any)
	if !ok {
		return nil, fmt.Errorf("a list of records came as %T", list)
	}
	all := make([]record, len(items))
	for i, item := range items {
		if all[i].values, ok = item.([]any); !ok {
			return nil, fmt.Errorf("a record came as %T", item)
		}
	}
	return all, nil
}

// next gives the next value; the zero value for NULL.
func next[T any](r *record) (value T) {
	if len(r.values) == 0 {
		r.fail(fmt.Errorf("a record has too few values"))
		return value
	}
	from := r.values[0]
	r.values = r.values[1:]
	if from == nil {
		return value
	}
	value, ok := from.(T)
	if !ok {
		r.fail(fmt.Errorf("%T came instead of %T", from, value))
	}
	return value
}

// texts gives the next value, which is a list.
func (r *record) texts() []string {
	list := next[[]any](r)
	texts := make([]string, len(list))
	for i, item := range list {
		var ok bool
		if texts[i], ok = item.(string); !ok {
			r.fail(fmt.Errorf("%T came in a list of texts", item))
		}
	}
	return texts
}

// nullable gives the next value, nil for NULL.
func nullable[T any](r *record) *T {
	if len(r.values) > 0 && r.values[0] == nil {
		r.values = r.values[1:]
		return nil
	}
	value := next[T](r)
	return &value
}

func (r *record) fail(err error) {
	if r.wrong == nil {
		r.wrong = err
	}
}
