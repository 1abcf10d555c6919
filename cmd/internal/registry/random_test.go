package registry_test

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
)

// random gives bytes that no compression makes smaller, the same each time.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{7}).Read(b)
	return b
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
