package main

import (
	"fmt"
	"path"
	"runtime/debug"

	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// What the SDK's packages import.
var imported = []string{"github.com/blang/semver", "github.com/pulumi/pulumi/sdk/v3"}

// The packages and their module, which the generator leaves to its caller: it needs what this program was built of.
func goModule(pkg *schema.Package) (files, error) {
	made, err := gogen.GeneratePackage(tool, pkg, nil)
	if err != nil {
		return nil, err
	}
	info, isThere := pkg.Language["go"].(gogen.GoPackageInfo)
	built, isKnown := debug.ReadBuildInfo()
	if !isThere || !isKnown {
		return nil, fmt.Errorf("neither the module's path nor what it needs is known")
	}
	text := fmt.Sprintf("module %s\n\ngo 1.26\n\n", path.Dir(info.ImportBasePath))
	for _, each := range built.Deps {
		for _, name := range imported {
			if each.Path == name {
				text += fmt.Sprintf("require %s %s\n", each.Path, each.Version)
			}
		}
	}
	made["go.mod"] = []byte(text)
	return made, nil
}
