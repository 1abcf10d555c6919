package trunk

import (
	"context"

	"pgtrunk.io/registry/sdk/go/api"
)

// Yank withdraws a version: it leaves the catalogue, the search and `latest`, and stays installable by its exact number.
// Yanking again changes the reason.
func (c *Client) Yank(ctx context.Context, project, version string, request api.YankRequest) (api.VersionState, error) {
	return ok(c.api.YankVersionWithResponse(repeat(ctx), project, version, request))
}

// Unyank takes a withdrawal back.
func (c *Client) Unyank(ctx context.Context, project, version string) (api.VersionState, error) {
	return ok(c.api.UnyankVersionWithResponse(repeat(ctx), project, version))
}

// Deprecate says that a project should not be used any more, and what to use instead.
func (c *Client) Deprecate(ctx context.Context, project, message string) (api.ProjectState, error) {
	return ok(c.api.DeprecateProjectWithResponse(repeat(ctx), project, api.DeprecationRequest{Message: message}))
}

// Undeprecate takes a deprecation back.
func (c *Client) Undeprecate(ctx context.Context, project string) (api.ProjectState, error) {
	return ok(c.api.UndeprecateProjectWithResponse(repeat(ctx), project))
}

// Following is what became of a wish to follow: one of both is set.
type Following struct {
	// Subscription is what is followed from now on.
	Subscription *api.Subscription
	// Asked tells that a letter asks the owner of the address whether they want this.
	Asked *api.SubscriptionAsked
}

// following gives the document of an answer to a wish to follow.
func following[R interface {
	GetJSON201() *api.Subscription
	GetJSON202() *api.SubscriptionAsked
}](response R, err error) (Following, error) {
	if err != nil {
		return Following{}, err
	}
	outcome := Following{Subscription: response.GetJSON201(), Asked: response.GetJSON202()}
	if outcome.Subscription == nil && outcome.Asked == nil {
		return Following{}, errUnexpected
	}
	return outcome, nil
}

// Follow asks for letters about the releases of a project.
func (c *Client) Follow(ctx context.Context, project string, request api.SubscriptionRequest) (Following, error) {
	return following(c.api.FollowProjectWithResponse(repeat(ctx), project, request))
}

// FollowCategory asks for letters about every project of a category, by its slug.
func (c *Client) FollowCategory(ctx context.Context, slug string, request api.SubscriptionRequest) (Following, error) {
	return following(c.api.FollowCategoryWithResponse(repeat(ctx), slug, request))
}

// FollowUser asks for letters about every project that somebody owns.
func (c *Client) FollowUser(ctx context.Context, user string, request api.SubscriptionRequest) (Following, error) {
	return following(c.api.FollowUserWithResponse(repeat(ctx), user, request))
}

// Unfollow ends a subscription of who asks.
func (c *Client) Unfollow(ctx context.Context, id string) error {
	_, err := c.api.DeleteMySubscriptionWithResponse(ctx, id)
	return err //nolint:wrapcheck // as the errors of reads
}

// Owners gives who may publish to a project.
func (c *Client) Owners(ctx context.Context, project string) ([]api.ProjectOwner, error) {
	owners, err := ok(c.api.ListOwnersWithResponse(ctx, project))
	return owners.Items, err
}

// Me tells who asks, and what the token may do.
func (c *Client) Me(ctx context.Context) (api.Me, error) { return ok(c.api.GetMeWithResponse(ctx)) }

// CreateToken makes an API token. Its secret is in the answer, and nowhere else afterwards.
func (c *Client) CreateToken(ctx context.Context, request api.TokenRequest) (api.NewToken, error) {
	response, err := c.api.CreateTokenWithResponse(ctx, request)
	if err != nil {
		return api.NewToken{}, err //nolint:wrapcheck // as the errors of reads
	}
	if response.JSON201 == nil {
		return api.NewToken{}, errUnexpected
	}
	return *response.JSON201, nil
}

// RevokeToken ends a token.
func (c *Client) RevokeToken(ctx context.Context, id string) error {
	_, err := c.api.RevokeTokenWithResponse(ctx, id)
	return err //nolint:wrapcheck // as the errors of reads
}
