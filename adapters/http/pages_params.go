package http

import (
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"
)

// pathParam gives a part of the path as it was meant. The framework leaves it escaped where the address was.
func pathParam(c echo.Context, name string) string {
	value := c.Param(name)
	if decoded, err := url.PathUnescape(value); err == nil && strings.Contains(value, "%") {
		return decoded
	}
	return value
}
