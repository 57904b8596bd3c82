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

run "money_is_told_of_in_time" {
  command = plan

  variables {
    budget = { billing_account = "012345-6789AB-CDEF01", amount = 100 }
  }

  assert {
    condition     = google_billing_budget.month[0].threshold_rules[*].threshold_percent == tolist([0.8, 0.9, 1])
    error_message = "The budget does not tell at 80, 90 and 100 %."
  }

  assert {
    condition     = google_billing_budget.month[0].amount[0].specified_amount[0].units == "100" && google_billing_budget.month[0].amount[0].specified_amount[0].currency_code == "USD" && google_billing_budget.month[0].budget_filter[0].projects == toset(["projects/123456789012"])
    error_message = "The budget is of another amount or project."
  }
}

run "the_chat_is_looked_at_from_outside" {
  assert {
    condition     = google_monitoring_uptime_check_config.chat.http_check[0].path == "/healthz" && google_monitoring_uptime_check_config.chat.http_check[0].validate_ssl && google_monitoring_uptime_check_config.chat.monitored_resource[0].labels["host"] == "chat.example.com"
    error_message = "Nobody looks at the chat from outside."
  }

  assert {
    condition     = keys(google_monitoring_alert_policy.outside) == ["certificate", "database", "down", "rotation"] && alltrue([for one in google_monitoring_alert_policy.outside : length(one.notification_channels) == 1])
    error_message = "An alert is missing, or tells nobody."
  }
}

run "somebody_is_written_to" {
  command = plan

  variables {
    alert_emails = []
  }

  expect_failures = [var.alert_emails]
}

run "cloud_armor_by_a_switch" {
  command = plan

  variables {
    armor = true
  }

  assert {
    condition     = google_compute_security_policy.this[0].name == "aside" && [for one in google_compute_security_policy.this[0].rule : one.action if one.priority == 2147483647] == ["allow"]
    error_message = "The policy is not named, or shuts everybody out."
  }

  assert {
    condition     = [for one in google_compute_security_policy.this[0].rule : one.rate_limit_options[0].rate_limit_threshold[0].count if one.action == "throttle"] == [3000]
    error_message = "One address is not bounded."
  }
}

run "without_cloud_armor_there_is_no_policy" {
  command = plan

  assert {
    condition     = length(google_compute_security_policy.this) == 0
    error_message = "A policy is paid for that nobody asked for."
  }
}

run "the_domain_has_a_certificate_and_a_name" {
  variables {
    dns_zone = "example.com"
  }

  assert {
    condition     = google_dns_record_set.chat[0].name == "chat.example.com." && google_dns_record_set.certificate[0].type == "CNAME" && google_dns_managed_zone.public[0].dnssec_config[0].state == "on"
    error_message = "The chat cannot be found, or its domain not proven."
  }

  assert {
    condition     = google_certificate_manager_certificate_map_entry.chat.hostname == "chat.example.com" && google_compute_ssl_policy.modern.min_tls_version == "TLS_1_2"
    error_message = "The certificate is for another name, or old TLS is taken."
  }
}

run "a_zone_holds_its_domain" {
  command = plan

  variables {
    dns_zone = "ample.com"
  }

  expect_failures = [var.dns_zone]
}

run "tags_of_images_do_not_move" {
  command = plan

  assert {
    condition     = google_artifact_registry_repository.images.docker_config[0].immutable_tags && alltrue([for one in google_artifact_registry_repository.images.cleanup_policies : one.condition[0].tag_state == "UNTAGGED"])
    error_message = "A tag could become another image, or none."
  }
}

run "the_lines_of_the_overlay" {
  variables {
    armor = true
    redis = "memorystore"
  }

  assert {
    condition     = alltrue([for line in ["HOST=chat.example.com", "ADDRESS=aside", "CERTIFICATE_MAP=aside", "SECURITY_POLICY=aside", "SSL_POLICY=aside", "REDIS_CIDR=10.40.0.3/32", "PROJECT=aside-test"] : contains(split("\n", output.site), line)])
    error_message = "The overlay is not told what was made."
  }
}
