terraform {
  # Write-only arguments, which keep passwords out of the state, came with 1.11.
  required_version = ">= 1.11.0, < 2.0.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "6.50.0"
    }
  }

  # The rest comes with `terraform init -backend-config`; see README.md.
  backend "gcs" {}
}

provider "google" {
  project = var.project_id
  region  = var.region
  zone    = var.zone

  # The budget's API asks for a project that pays for the call.
  billing_project       = var.project_id
  user_project_override = true
}
