package mailcatcher

import (
	"encoding/json"
	"net/http"
	"slices"
)

// Handler shows what was caught: as pages below /, and as JSON: GET /messages, the newest last, GET /messages/{id}; DELETE
// /messages forgets all.
func (c *Catcher) Handler() http.Handler {
	mux := http.NewServeMux()
	c.pages(mux)
	mux.HandleFunc("GET /messages", func(w http.ResponseWriter, _ *http.Request) {
		messages := c.Messages()
		if messages == nil {
			messages = []Message{}
		}
		answer(w, messages)
	})
	mux.HandleFunc("GET /messages/{id}", func(w http.ResponseWriter, r *http.Request) {
		if message, ok := c.find(w, r); ok {
			answer(w, message)
		}
	})
	mux.HandleFunc("DELETE /messages", func(w http.ResponseWriter, _ *http.Request) {
		c.Forget()
		w.WriteHeader(http.StatusNoContent)
	})
	// A page elsewhere must not delete what is caught here.
	return http.NewCrossOriginProtection().Handler(mux)
}

// find gives the message that an address names, or says that there is none.
func (c *Catcher) find(w http.ResponseWriter, r *http.Request) (Message, bool) {
	messages := c.Messages()
	at := slices.IndexFunc(messages, func(m Message) bool { return m.ID == r.PathValue("id") })
	if at < 0 {
		http.Error(w, "There is no such message, or it is not kept any more. GET /messages lists those that are.", http.StatusNotFound)
		return Message{}, false
	}
	return messages[at], true
}

func answer(w http.ResponseWriter, what any) {
	body, err := json.Marshal(what)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	// Whoever does not read to the end has gone.
	_, _ = w.Write(body)
}
