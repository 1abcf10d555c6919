package registry_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"go.yaml.in/yaml/v3"
)

// expression is what is asked of Prometheus, and where that stands.
type expression struct{ where, text string }

func dashboardExpressions(t *testing.T) (found []expression) {
	t.Helper()
	raw, err := os.ReadFile("../../../docs/grafana/registry.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string `json:"title"`
			Targets []struct {
				Expr string `json:"expr"`
			} `json:"targets"`
		} `json:"panels"`
		Templating struct {
			List []struct {
				Name       string `json:"name"`
				Definition string `json:"definition"`
			} `json:"list"`
		} `json:"templating"`
	}
	if err := json.Unmarshal(raw, &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			found = append(found, expression{panel.Title, target.Expr})
		}
	}
	for _, variable := range dashboard.Templating.List {
		if inner, ok := strings.CutPrefix(variable.Definition, "label_values("); ok {
			found = append(found, expression{"$" + variable.Name, inner[:strings.LastIndex(inner, ",")]})
		}
	}
	return found
}

func alertExpressions(t *testing.T) (found []expression) {
	t.Helper()
	raw, err := os.ReadFile("../../../docs/grafana/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr         string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	for _, group := range file.Groups {
		for _, rule := range group.Rules {
			if rule.Labels["severity"] == "" || rule.Annotations["summary"] == "" || rule.Annotations["description"] == "" {
				t.Errorf("%s does not say how bad it is, what it is and what to do", rule.Alert)
			}
			found = append(found, expression{rule.Alert, rule.Expr})
		}
	}
	return found
}

var (
	selectors = regexp.MustCompile(`([a-zA-Z_:][a-zA-Z0-9_:]*)\s*\{([^}]*)\}`)
	matchers  = regexp.MustCompile(`([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*"([^"]*)"`)
	groupings = regexp.MustCompile(`\b(?:by|without)\s*\(([^)]*)\)`)
	ranges    = regexp.MustCompile(`\[[^\]]*\]`)
	// identifiers come with what follows them: a function has a parenthesis there.
	identifiers = regexp.MustCompile(`[a-zA-Z_:][a-zA-Z0-9_:]*\s*\(?`)
	plain       = regexp.MustCompile(`^[a-z0-9_|]+$`)
)

// metricsOf are the names of the metrics in an expression, and the labels that it groups by.
func metricsOf(text string) (names, labels []string) {
	for _, grouping := range groupings.FindAllStringSubmatch(text, -1) {
		for label := range strings.SplitSeq(grouping[1], ",") {
			labels = append(labels, strings.TrimSpace(label))
		}
	}
	text = selectors.ReplaceAllString(text, "$1")
	text = ranges.ReplaceAllString(groupings.ReplaceAllString(text, ""), "")
	for _, word := range identifiers.FindAllString(text, -1) {
		if !strings.HasSuffix(word, "(") && !slices.Contains([]string{"and", "or", "unless"}, strings.TrimSpace(word)) {
			names = append(names, strings.TrimSpace(word))
		}
	}
	return names, labels
}

// exported finds the family that a name in an expression belongs to.
func (f families) exported(name string) *dto.MetricFamily {
	if family := f[name]; family != nil && family.GetType() != dto.MetricType_HISTOGRAM {
		return family
	}
	for suffix, types := range map[string][]dto.MetricType{
		"_bucket": {dto.MetricType_HISTOGRAM},
		"_sum":    {dto.MetricType_HISTOGRAM, dto.MetricType_SUMMARY},
		"_count":  {dto.MetricType_HISTOGRAM, dto.MetricType_SUMMARY},
	} {
		base, ok := strings.CutSuffix(name, suffix)
		if family := f[base]; ok && family != nil && slices.Contains(types, family.GetType()) {
			return family
		}
	}
	return nil
}

// Every metric, label and value that the dashboard and the alerts name is one that is exported.
func TestDashboardShowsWhatIsExported(t *testing.T) {
	in := serve(t, scraped)
	in.publish("alice", pgmq, nil)
	in.get("/nowhere")
	eventually(t, "all tasks have run", func() bool {
		return in.scrape().sum("trunk_task_last_success_timestamp_seconds", "task", "search_statistics") > 0
	})
	seen, allowed := in.scrape(), allowedLabels(t)
	known := map[string]bool{"le": true, "job": true, "instance": true}
	for _, family := range seen {
		for _, metric := range family.GetMetric() {
			for label := range labelsOf(metric) {
				known[label] = true
			}
		}
	}
	shown := map[string]bool{}
	check := func(e expression) {
		names, labels := metricsOf(e.text)
		if len(names) == 0 {
			t.Errorf("%s asks for nothing: %s", e.where, e.text)
		}
		for _, name := range names {
			shown[name] = true
			if seen.exported(name) == nil {
				t.Errorf("%s asks for %s, which is not exported", e.where, name)
			}
		}
		for _, label := range labels {
			if !known[label] {
				t.Errorf("%s groups by %s, which nothing has", e.where, label)
			}
		}
		for _, selector := range selectors.FindAllStringSubmatch(e.text, -1) {
			for _, matcher := range matchers.FindAllStringSubmatch(selector[2], -1) {
				label, value := matcher[1], matcher[3]
				has := seen.exported(selector[1]) != nil && slices.ContainsFunc(seen.exported(selector[1]).GetMetric(), func(m *dto.Metric) bool {
					_, ok := labelsOf(m)[label]
					return ok
				})
				if !has && label != "job" && label != "instance" {
					t.Errorf("%s asks for %s by %s, which it does not have", e.where, selector[1], label)
				}
				for value := range strings.SplitSeq(value, "|") {
					if is := allowed[label]; is != nil && plain.MatchString(value) && !is(value) {
						t.Errorf("%s asks for %s=%q, which is never so", e.where, label, value)
					}
				}
			}
		}
	}
	dashboard, alerts := dashboardExpressions(t), alertExpressions(t)
	if len(dashboard) < 30 || len(alerts) < 10 {
		t.Fatalf("only %d expressions in the dashboard, %d in the alerts", len(dashboard), len(alerts))
	}
	for _, e := range dashboard {
		check(e)
	}
	for name, family := range seen {
		shownAs := func(suffix string) bool { return shown[name+suffix] }
		if strings.HasPrefix(name, "trunk_") && !slices.ContainsFunc([]string{"", "_bucket", "_sum", "_count"}, shownAs) {
			t.Errorf("the dashboard does not show %s (%s)", name, family.GetHelp())
		}
	}
	for _, e := range alerts {
		check(e)
	}
}

// An expression with a metric that does not exist is found out, wherever in it that stands.
func TestMetricsOfExpressions(t *testing.T) {
	for text, want := range map[string][]string{
		`up`: {"up"},
		`sum by (le, x) (rate(a_bucket{b="c", d=~"e|f"}[5m])) / sum(rate(g[$__rate_interval])) > 0.01`:          {"a_bucket", "g"},
		`histogram_quantile(0.95, sum by (le) (rate(a_bucket[$__range])))`:                                      {"a_bucket"},
		`time() - max(a{b="c"}) > 300 and increase(d[15m]) == 0 or absent(e)`:                                   {"a", "d", "e"},
		`topk(10, sum by (code) (rate(trunk_problems_total{job=~"$job", instance=~"$instance"}[1m]))) unless f`: {"trunk_problems_total", "f"},
	} {
		if got, _ := metricsOf(text); !slices.Equal(got, want) {
			t.Errorf("%s: %v", text, got)
		}
	}
	seen := families{}
	maps.Copy(seen, families{"h": {Type: dto.MetricType_HISTOGRAM.Enum()}, "c": {Type: dto.MetricType_COUNTER.Enum()}})
	for name, want := range map[string]bool{"h": false, "h_bucket": true, "h_sum": true, "c": true, "c_bucket": false, "x": false} {
		if got := seen.exported(name) != nil; got != want {
			t.Errorf("%s is exported: %t", name, got)
		}
	}
}

// The documentation names every number and no other.
func TestDocumentedMetrics(t *testing.T) {
	raw, err := os.ReadFile("../../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	in := serve(t, scraped)
	in.publish("alice", pgmq, nil)
	in.do(http.MethodGet, "/nowhere", nil, nil)
	var documented, exported []string
	for _, row := range regexp.MustCompile("(?m)^\\| `(trunk_[a-z_]+)`").FindAllStringSubmatch(string(raw), -1) {
		documented = append(documented, row[1])
	}
	eventually(t, "all tasks have run", func() bool { return in.scrape()["trunk_task_last_success_timestamp_seconds"] != nil })
	for name := range in.scrape() {
		if strings.HasPrefix(name, "trunk_") {
			exported = append(exported, name)
		}
	}
	slices.Sort(documented)
	slices.Sort(exported)
	if !slices.Equal(documented, exported) {
		t.Errorf("documented are\n%v\nexported are\n%v", documented, exported)
	}
}
