// Serves a schema and nothing else: enough for `terraform validate`, and for `terraform test` where the provider is mocked.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"log"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

//go:embed schema.json
var text []byte

type attribute struct {
	Name      string
	Type      json.RawMessage
	Required  bool
	Optional  bool
	Computed  bool
	WriteOnly bool
}

type nested struct {
	Name    string
	Nesting string
	Min     int64
	Max     int64
	Block   block
}

type block struct {
	Attributes []attribute
	Blocks     []nested
}

type document struct {
	Provider  block
	Resources map[string]block
	Data      map[string]block
}

// Whatever is not answered here is never asked: every resource is a mocked one.
type server struct {
	tfprotov6.ProviderServer
	schema *tfprotov6.GetProviderSchemaResponse
}

func (s server) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	return &tfprotov6.GetMetadataResponse{}, nil
}

func (s server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return s.schema, nil
}

func (s server) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (s server) ValidateProviderConfig(_ context.Context, asked *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: asked.Config}, nil
}

func (s server) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (s server) ValidateDataResourceConfig(context.Context, *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (s server) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func main() {
	var read document
	if err := json.Unmarshal(text, &read); err != nil {
		log.Fatal(err)
	}
	schema := &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities: &tfprotov6.ServerCapabilities{GetProviderSchemaOptional: true},
		Provider:           &tfprotov6.Schema{Block: blockOf(read.Provider)},
		ResourceSchemas:    schemasOf(read.Resources),
		DataSourceSchemas:  schemasOf(read.Data),
	}
	err := tf6server.Serve("registry.terraform.io/hashicorp/google", func() tfprotov6.ProviderServer { return server{schema: schema} })
	if err != nil {
		log.Fatal(err)
	}
}

func schemasOf(all map[string]block) map[string]*tfprotov6.Schema {
	schemas := map[string]*tfprotov6.Schema{}
	for name, one := range all {
		schemas[name] = &tfprotov6.Schema{Block: blockOf(one)}
	}
	return schemas
}

func blockOf(read block) *tfprotov6.SchemaBlock {
	made := &tfprotov6.SchemaBlock{}
	for _, one := range read.Attributes {
		kind, err := tftypes.ParseJSONType(one.Type)
		if err != nil {
			log.Fatal(one.Name, err)
		}
		made.Attributes = append(made.Attributes, &tfprotov6.SchemaAttribute{Name: one.Name, Type: kind, Required: one.Required, Optional: one.Optional, Computed: one.Computed, WriteOnly: one.WriteOnly})
	}
	for _, one := range read.Blocks {
		made.BlockTypes = append(made.BlockTypes, &tfprotov6.SchemaNestedBlock{TypeName: one.Name, Block: blockOf(one.Block), Nesting: nestings[one.Nesting], MinItems: one.Min, MaxItems: one.Max})
	}
	return made
}

var nestings = map[string]tfprotov6.SchemaNestedBlockNestingMode{
	"single": tfprotov6.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov6.SchemaNestedBlockNestingModeList,
	"set":    tfprotov6.SchemaNestedBlockNestingModeSet,
}
