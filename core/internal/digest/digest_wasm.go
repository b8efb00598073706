package digest

// A Hash adds up what is written to it. Its Write never fails; Sum appends the digest.
type Hash = *plain

// New returns the digest of nothing yet.
func New() Hash { return newPlain() }
