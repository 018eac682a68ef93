module guestkit-native

go 1.26

require (
	github.com/guestkit/guestkit/sdk/go v0.1.0
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)

// Where the SDK's archive is unpacked.
replace github.com/guestkit/guestkit/sdk/go => ./sdk
