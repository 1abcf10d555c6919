// Package s3 keeps artefacts in a bucket of Amazon S3, or of any service that speaks its protocol.
// https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html
package s3

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pgtrunk.io/registry/core/fault"
	"pgtrunk.io/registry/ports"
)

// Config says which bucket to use and how.
type Config struct {
	Bucket, Region string
	// Endpoint is the address of a service other than Amazon's; "" means Amazon's in the region.
	Endpoint string
	// PathStyle puts the bucket into the path of an address and not into its host.
	PathStyle bool
	// PublicBaseURL is the address below which anybody can read the bucket's objects, without a slash at the end; ""
	// makes every link a presigned one.
	PublicBaseURL string
	// LinkExpiry is how long a presigned link lasts; 0 means 15 minutes.
	LinkExpiry time.Duration
	// AccessKey and SecretKey are static credentials; "" leaves it to the SDK's default chain.
	AccessKey, SecretKey string
	// Timeout bounds the storing of an object, all attempts together; 0 means 5 minutes. Silence is noticed earlier.
	Timeout time.Duration
}

const (
	defaultExpiry  = 15 * time.Minute
	defaultTimeout = 5 * time.Minute
	// checkTimeout bounds the question whether the service is there.
	checkTimeout = 2 * time.Second
	// attempts bounds how often the SDK tries, the first time included.
	attempts = 3
)

var (
	_ ports.ObjectStore = (*Store)(nil)
	_ ports.Inventory   = (*Store)(nil)
)

// Store offers the port of objects.
type Store struct {
	cfg     Config
	client  *s3.Client
	presign *s3.PresignClient
}

// New makes a store. It does not connect yet: a registry may start before its object store.
//
// Errors: a configuration of the SDK's default chain that cannot be read.
func New(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.LinkExpiry == 0 {
		cfg.LinkExpiry = defaultExpiry
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = defaultTimeout
	}
	options := []func(*awsconfig.LoadOptions) error{
		awsconfig.WithRegion(cfg.Region),
		awsconfig.WithHTTPClient(httpClient()),
		awsconfig.WithRetryMaxAttempts(attempts),
	}
	if cfg.AccessKey != "" {
		options = append(options, awsconfig.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(cfg.AccessKey, cfg.SecretKey, "")))
	}
	loaded, err := awsconfig.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("read the credentials of the object store: %w", err)
	}
	client := s3.NewFromConfig(loaded, func(o *s3.Options) {
		o.UsePathStyle = cfg.PathStyle
		if cfg.Endpoint != "" {
			o.BaseEndpoint = aws.String(cfg.Endpoint)
		}
		o.Retryer = retry.AddWithMaxBackoffDelay(o.Retryer, time.Second)
	})
	return &Store{cfg: cfg, client: client, presign: s3.NewPresignClient(client)}, nil
}

// httpClient notices a service that is silent without cutting a large upload short. It is the SDK's own kind, which
// takes up AWS_CA_BUNDLE.
func httpClient() *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = 3 * time.Second }).
		WithTransportOptions(func(t *http.Transport) {
			t.TLSHandshakeTimeout = 5 * time.Second
			t.ResponseHeaderTimeout = 30 * time.Second
		})
}

// Put writes an object unless there is one under its key. The service checks the bytes against the digest.
func (s *Store) Put(ctx context.Context, object ports.Object) error {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	var err error
	for range attempts {
		if _, err = object.Body.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("rewind an object: %w", err)
		}
		_, err = s.client.PutObject(ctx, &s3.PutObjectInput{
			Bucket:            aws.String(s.cfg.Bucket),
			Key:               aws.String(object.Key),
			Body:              object.Body,
			ContentLength:     aws.Int64(object.Size),
			ContentType:       aws.String(object.ContentType),
			ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
			ChecksumSHA256:    aws.String(base64.StdEncoding.EncodeToString(object.SHA256[:])),
			IfNoneMatch:       aws.String("*"),
			Metadata:          object.Metadata,
			// The bytes below a digest never change.
			CacheControl: aws.String("public, max-age=31536000, immutable"),
		})
		// Somebody else is writing the same key right now; how that ends decides.
		if !isConflict(err) {
			break
		}
	}
	if err = interpret(err); fault.CodeOf(err) == fault.StoreUnavailable && s.holds(ctx, object) {
		return nil
	}
	return err
}

// holds says whether an object is there. A service that has it may close the connection while the bytes still come,
// and then its answer is lost.
func (s *Store) holds(ctx context.Context, object ports.Object) bool {
	there, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(s.cfg.Bucket), Key: aws.String(object.Key)})
	return err == nil && aws.ToInt64(there.ContentLength) == object.Size
}

// Link gives an address to read an object from.
func (s *Store) Link(ctx context.Context, key string, options ports.LinkOptions) (string, error) {
	if s.cfg.PublicBaseURL != "" {
		return s.cfg.PublicBaseURL + "/" + key, nil
	}
	expires := s3.WithPresignExpires(s.cfg.LinkExpiry)
	if options.Method == http.MethodHead {
		request, err := s.presign.PresignHeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(s.cfg.Bucket), Key: aws.String(key)}, expires)
		if err != nil {
			return "", interpret(err)
		}
		return request.URL, nil
	}
	request, err := s.presign.PresignGetObject(ctx, &s3.GetObjectInput{
		Bucket: aws.String(s.cfg.Bucket), Key: aws.String(key),
		ResponseContentDisposition: aws.String(mime.FormatMediaType("attachment", map[string]string{"filename": options.Filename})),
	}, expires)
	if err != nil {
		return "", interpret(err)
	}
	return request.URL, nil
}

// Check asks whether the bucket is there.
func (s *Store) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	_, err := s.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String(s.cfg.Bucket)}, func(o *s3.Options) {
		o.Retryer = aws.NopRetryer{}
	})
	return interpret(err)
}

// List gives the next thousand objects whose keys come after one.
func (s *Store) List(ctx context.Context, after string) ([]ports.StoredObject, error) {
	listed, err := s.client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{
		Bucket: aws.String(s.cfg.Bucket), Prefix: aws.String(ports.ObjectKey("")), StartAfter: aws.String(after),
	})
	if err != nil {
		return nil, interpret(err)
	}
	objects := make([]ports.StoredObject, len(listed.Contents))
	for i, object := range listed.Contents {
		objects[i] = ports.StoredObject{Key: aws.ToString(object.Key), Size: aws.ToInt64(object.Size), Stored: aws.ToTime(object.LastModified).UTC()}
	}
	return objects, nil
}

// Remove removes an object.
func (s *Store) Remove(ctx context.Context, key string) error {
	_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(s.cfg.Bucket), Key: aws.String(key)})
	return interpret(err)
}

// EnsureBucket makes the bucket where it is missing; it is for development, production brings its own.
//
// Errors: store_unavailable.
func EnsureBucket(ctx context.Context, cfg Config) error {
	store, err := New(ctx, cfg)
	if err != nil {
		return err
	}
	_, err = store.client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(cfg.Bucket)})
	if _, ok := errors.AsType[*types.BucketAlreadyOwnedByYou](err); ok {
		return nil
	}
	return interpret(err)
}
