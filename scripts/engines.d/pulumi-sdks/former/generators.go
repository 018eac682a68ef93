package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/blang/semver"
	"github.com/hashicorp/hcl/v2"
	"github.com/pulumi/pulumi-java/pkg/codegen/java"
	"github.com/pulumi/pulumi/pkg/v3/codegen/dotnet"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// The languages whose generators are no part of Pulumi's module of today. What they write is not published: that they take the
// schema is what is checked.
var generators = map[string]func(*schema.Package) (files, error){
	"dotnet": withoutNetwork,
	"java":   func(pkg *schema.Package) (files, error) { return java.GeneratePackage(tool, pkg, nil) },
}

// The generator gets a picture for the package from Pulumi's own site where the schema names none: here it gets an empty one.
func withoutNetwork(pkg *schema.Package) (files, error) {
	site := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer site.Close()
	pkg.LogoURL = site.URL
	return dotnet.GeneratePackage(tool, pkg, nil)
}

func bind(spec schema.PackageSpec) (*schema.Package, hcl.Diagnostics, error) {
	return schema.BindSpec(spec, alone{})
}

// The schema of a package that refers to no other one.
type alone struct{}

func (alone) LoadPackage(name string, _ *semver.Version) (*schema.Package, error) {
	return nil, fmt.Errorf("the schema refers to the package %s", name)
}

func (a alone) LoadPackageReference(name string, _ *semver.Version) (schema.PackageReference, error) {
	_, err := a.LoadPackage(name, nil)
	return nil, err
}
