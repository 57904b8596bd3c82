mock_provider "google" {
  source = "./tests/mocks"
}

variables {
  project_id        = "aside-test"
  environment       = "dev"
  owner             = "platform"
  cost_center       = "aside"
  domain            = "chat.example.com"
  github_repository = "example/aside"
  alert_emails      = ["platform@example.com"]
}

run "secrets_are_said_to_be_old" {
  assert {
    condition     = keys(google_secret_manager_secret.kept) == ["admin-token", "database-password", "database-url", "identity-secret", "redis-url"]
    error_message = "Not every secret is kept."
  }

  assert {
    condition     = alltrue([for one in google_secret_manager_secret.kept : one.rotation[0].rotation_period == "7776000s" && length(one.topics) == 1])
    error_message = "A secret may stay for longer than 90 days, or nobody hears of it."
  }

  assert {
    condition     = google_pubsub_topic_iam_member.rotation.member == "serviceAccount:service-123456789012@gcp-sa-secretmanager.iam.gserviceaccount.com"
    error_message = "Secret Manager may not say that a secret is old."
  }

  assert {
    condition     = google_monitoring_alert_policy.outside["rotation"].conditions[0].condition_threshold[0].threshold_value == 0
    error_message = "Nobody is written to when a secret is old."
  }
}

run "no_state_holds_a_password" {
  assert {
    condition = alltrue([for one in concat(values(google_secret_manager_secret_version.generated), [
      google_secret_manager_secret_version.database_password,
      google_secret_manager_secret_version.database_url,
      google_secret_manager_secret_version.redis_url,
    ]) : one.secret_data == null && one.secret_data_wo == null && one.secret_data_wo_version >= 1])
    error_message = "A secret is written to the state."
  }

  assert {
    condition     = !strcontains(google_compute_instance.database[0].metadata["user-data"], "POSTGRES_PASSWORD=")
    error_message = "The password is in the machine's metadata."
  }
}

run "a_new_password_by_a_number" {
  command = plan

  variables {
    database                  = "cloud-sql"
    database_password_version = 2
  }

  assert {
    condition     = google_secret_manager_secret_version.database_password.secret_data_wo_version == 2 && google_secret_manager_secret_version.database_url.secret_data_wo_version == 2 && google_sql_user.this[0].password_wo_version == 2
    error_message = "The database and who calls it would have different passwords."
  }

  assert {
    condition     = google_sql_user.this[0].password == null
    error_message = "The password is written to the state."
  }
}

run "secrets_are_changed_after_90_days_at_most" {
  command = plan

  variables {
    secrets_rotation_days = 91
  }

  expect_failures = [var.secrets_rotation_days]
}

run "github_is_this_repository_and_this_branch" {
  command = plan

  variables {
    github_repository    = "example/aside"
    github_repository_id = "4711"
    github_environment   = "production"
  }

  assert {
    condition     = google_iam_workload_identity_pool_provider.github.attribute_condition == "assertion.repository == 'example/aside' && assertion.repository_id == '4711' && ((assertion.event_name == 'pull_request') || (assertion.event_name in ['push', 'release', 'workflow_dispatch'] && (assertion.ref == 'refs/heads/main' || assertion.ref.startsWith('refs/tags/v')) && has(assertion.environment) && assertion.environment == 'production'))"
    error_message = "Others than this repository's branch, tags and environment get in."
  }

  assert {
    condition     = google_iam_workload_identity_pool_provider.github.oidc[0].issuer_uri == "https://token.actions.githubusercontent.com" && google_iam_workload_identity_pool_provider.github.attribute_mapping["google.subject"] == "assertion.sub"
    error_message = "Somebody else than GitHub says who it is."
  }

  assert {
    condition     = google_artifact_registry_repository_iam_member.publish.role == "roles/artifactregistry.writer" && alltrue([for role in keys(google_project_iam_member.plan) : can(regex("([vV]iewer|\\.reader|securityReviewer|serviceUsageConsumer)$", role)) && !contains(["roles/viewer", "roles/storage.objectViewer"], role)])
    error_message = "A workflow may do more than push images and read."
  }
}

run "a_pull_request_does_not_publish" {
  assert {
    condition     = google_iam_workload_identity_pool_provider.github.attribute_mapping["attribute.may"] == "assertion.event_name == 'pull_request' ? 'plan' : 'publish'" && alltrue([for may, one in google_service_account_iam_member.github : endswith(one.member, "/attribute.may/${may}")])
    error_message = "What a pull request may do is not apart from what a branch may do."
  }
}

run "nobody_applies_unless_an_environment_is_named" {
  command = plan

  assert {
    condition     = keys(google_service_account.github) == ["plan", "publish"] && length(google_project_iam_member.apply) == 0
    error_message = "A workflow may change everything, and nobody asked for it."
  }
}

run "only_the_environment_on_the_branch_by_hand_applies" {
  variables {
    github_apply_environment = "production"
  }

  assert {
    condition     = google_iam_workload_identity_pool_provider.github.attribute_mapping["attribute.may"] == "assertion.event_name == 'pull_request' ? 'plan' : assertion.event_name == 'workflow_dispatch' && assertion.ref == 'refs/heads/main' && has(assertion.environment) && assertion.environment == 'production' ? 'apply' : 'publish'"
    error_message = "Another job than one of the environment applies."
  }

  assert {
    condition     = endswith(google_service_account_iam_member.github["apply"].member, "/attribute.may/apply") && alltrue([for role in keys(google_project_iam_member.apply) : !contains(["roles/owner", "roles/editor"], role)])
    error_message = "The account that applies is open to others, or has a basic role."
  }
}

run "a_repository_is_nothing_but_a_name" {
  command = plan

  variables {
    github_repository = "example/aside' || true || '"
  }

  expect_failures = [var.github_repository]
}

run "only_what_brings_the_secrets_reads_them" {
  assert {
    condition     = google_service_account_iam_member.secrets.member == "serviceAccount:aside-test.svc.id.goog[aside/aside-secrets]" && google_service_account_iam_member.secrets.role == "roles/iam.workloadIdentityUser"
    error_message = "Another account of the cluster than External Secrets' reads them."
  }

  assert {
    condition     = google_artifact_registry_repository_iam_member.nodes.role == "roles/artifactregistry.reader" && google_project_iam_member.nodes.role == "roles/container.defaultNodeServiceAccount"
    error_message = "Nodes may do more than nodes must."
  }
}
