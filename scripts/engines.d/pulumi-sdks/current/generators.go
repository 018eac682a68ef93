package main

import (
	"context"
	"fmt"

	"github.com/blang/semver"
	"github.com/hashicorp/hcl/v2"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// The languages of which SDKs are published.
var generators = map[string]func(*schema.Package) (files, error){
	"nodejs": func(pkg *schema.Package) (files, error) {
		return nodejs.GeneratePackage(tool, pkg, nil, nil, false, alone{})
	},
	"python": func(pkg *schema.Package) (files, error) { return python.GeneratePackage(tool, pkg, nil, alone{}) },
	"go":     goModule,
}

func bind(spec schema.PackageSpec) (*schema.Package, hcl.Diagnostics, error) {
	return schema.BindSpec(spec, alone{}, schema.ValidationOptions{})
}

// The schema of a package that refers to no other one.
type alone struct{}

func (alone) LoadPackage(name string, _ *semver.Version) (*schema.Package, error) {
	return nil, fmt.Errorf("the schema refers to the package %s", name)
}

func (a alone) LoadPackageV2(_ context.Context, asked *schema.PackageDescriptor) (*schema.Package, error) {
	return a.LoadPackage(asked.Name, nil)
}

func (a alone) LoadPackageReference(name string, _ *semver.Version) (schema.PackageReference, error) {
	_, err := a.LoadPackage(name, nil)
	return nil, err
}

func (a alone) LoadPackageReferenceV2(_ context.Context, asked *schema.PackageDescriptor) (schema.PackageReference, error) {
	return a.LoadPackageReference(asked.Name, nil)
}
