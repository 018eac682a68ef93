// Writes SDKs of a package schema, a folder for each language that this program was built for: PROGRAM SCHEMA FOLDER.
// Ends with 1 where the schema has a fault, or anything that Pulumi's own reader warns of.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// What every SDK says that it was made by.
const tool = "guestkit"

// Path in the SDK -> content.
type files = map[string][]byte

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: %s SCHEMA FOLDER", os.Args[0]))
	}
	spec, err := read(os.Args[1])
	if err != nil {
		fail(err)
	}
	for name, generate := range generators {
		if err := writeSDK(filepath.Join(os.Args[2], name), spec, generate); err != nil {
			fail(fmt.Errorf("%s: %w", name, err))
		}
	}
}

func read(path string) (schema.PackageSpec, error) {
	var spec schema.PackageSpec
	text, err := os.ReadFile(path)
	if err != nil {
		return spec, err
	}
	return spec, json.Unmarshal(text, &spec)
}

// Each language binds the schema anew: a generator leaves things of its own in the package.
func writeSDK(folder string, spec schema.PackageSpec, generate func(*schema.Package) (files, error)) error {
	pkg, found, err := bind(spec)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return found
	}
	made, err := generate(pkg)
	if err != nil {
		return err
	}
	return write(folder, made)
}

func write(folder string, made files) error {
	for name, content := range made {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
