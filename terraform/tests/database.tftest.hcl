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

run "the_database_is_a_small_machine_that_nobody_reaches_from_outside" {
  assert {
    condition     = length(google_compute_instance.database) == 1 && length(google_sql_database_instance.this) == 0 && google_compute_instance.database[0].machine_type == "e2-micro"
    error_message = "The default is not one e2-micro."
  }

  assert {
    condition     = alltrue([for one in google_compute_instance.database[0].network_interface : length(one.access_config) == 0 && length(one.ipv6_access_config) == 0])
    error_message = "The database has a public address."
  }

  assert {
    condition     = google_compute_address.database[0].address_type == "INTERNAL" && google_dns_managed_zone.inner.visibility == "private" && google_dns_record_set.database.ttl <= 30
    error_message = "The database's address or name is public, or its name is remembered too long for a failover."
  }
}

run "nobody_logs_in_by_password" {
  assert {
    condition     = google_compute_instance.database[0].metadata["enable-oslogin"] == "TRUE" && google_compute_instance.database[0].metadata["block-project-ssh-keys"] == "TRUE" && google_compute_instance.database[0].metadata["serial-port-enable"] == "FALSE"
    error_message = "There is another way in than OS Login."
  }

  assert {
    condition     = strcontains(google_compute_instance.database[0].metadata["user-data"], "unattended-upgrades") && !can(regex("(?i)(ssh_pwauth|chpasswd|plain_text_passwd|hashed_passwd)", google_compute_instance.database[0].metadata["user-data"]))
    error_message = "The machine does not bring its own security updates, or sets a password."
  }

  assert {
    condition     = startswith(google_compute_instance.database[0].metadata["user-data"], "#cloud-config\n") && can(yamldecode(google_compute_instance.database[0].metadata["user-data"]))
    error_message = "What the machine starts with is no cloud-config."
  }
}

run "operators_get_in_by_iap_and_os_login" {
  command = plan

  variables {
    operators = ["group:operators@example.com"]
  }

  assert {
    condition     = google_compute_instance_iam_member.operators["group:operators@example.com"].role == "roles/compute.osAdminLogin" && google_iap_tunnel_instance_iam_member.operators["group:operators@example.com"].role == "roles/iap.tunnelResourceAccessor"
    error_message = "Operators do not get in by IAP and OS Login."
  }
}

run "everybody_is_no_operator" {
  command = plan

  variables {
    operators = ["allUsers"]
  }

  expect_failures = [var.operators]
}

run "copies_are_kept_and_ended" {
  command = plan

  assert {
    condition     = google_storage_bucket.backup.uniform_bucket_level_access && google_storage_bucket.backup.public_access_prevention == "enforced"
    error_message = "Somebody could make a copy of the database public."
  }

  assert {
    condition     = one(one(google_storage_bucket.backup.lifecycle_rule).condition).age == 35 && one(one(google_storage_bucket.backup.lifecycle_rule).action).type == "Delete"
    error_message = "Copies live longer than the days that erasures are remembered for."
  }

  assert {
    condition     = google_storage_bucket.backup.soft_delete_policy[0].retention_duration_seconds == 0 && length(google_storage_bucket.backup.retention_policy) == 0
    error_message = "A deleted copy lives on, or an installation for trying things cannot be taken away."
  }

  assert {
    condition     = google_compute_resource_policy.database[0].snapshot_schedule_policy[0].schedule[0].daily_schedule[0].days_in_cycle == 1 && google_compute_resource_policy.database[0].snapshot_schedule_policy[0].retention_policy[0].max_retention_days == 35
    error_message = "The disk has no daily snapshots, or they are kept for other days than the copies."
  }

  assert {
    condition     = [for one in google_storage_bucket_iam_member.database : one.role] == ["roles/storage.objectViewer", "roles/storage.objectCreator"]
    error_message = "The database's machine may delete or overwrite its own copies."
  }
}

run "cloud_sql_by_a_switch" {
  command = plan

  variables {
    database  = "cloud-sql"
    cloud_sql = { availability = "REGIONAL" }
  }

  assert {
    condition     = length(google_compute_instance.database) == 0 && length(google_compute_disk.database) == 0 && length(google_compute_firewall.ssh) == 0 && length(google_compute_firewall.postgres) == 0
    error_message = "The machine or its doors are still there."
  }

  assert {
    condition     = !google_sql_database_instance.this[0].settings[0].ip_configuration[0].ipv4_enabled && length(google_sql_database_instance.this[0].settings[0].ip_configuration[0].authorized_networks) == 0 && google_sql_database_instance.this[0].settings[0].ip_configuration[0].ssl_mode == "ENCRYPTED_ONLY"
    error_message = "Cloud SQL has a public address or takes what is not encrypted."
  }

  assert {
    condition     = google_sql_database_instance.this[0].settings[0].backup_configuration[0].enabled && google_sql_database_instance.this[0].settings[0].backup_configuration[0].point_in_time_recovery_enabled && google_sql_database_instance.this[0].settings[0].availability_type == "REGIONAL"
    error_message = "Cloud SQL cannot be brought back to a moment, or does not survive its zone."
  }

  assert {
    condition     = length(google_service_networking_connection.peering) == 1
    error_message = "Nothing leads to Cloud SQL."
  }
}

run "redis_is_in_the_cluster_by_default" {
  command = plan

  assert {
    condition     = length(google_redis_instance.this) == 0 && length(google_service_networking_connection.peering) == 0
    error_message = "Something is paid for that nobody asked for."
  }
}

run "memorystore_by_a_switch" {
  command = plan

  variables {
    redis       = "memorystore"
    memorystore = { tier = "STANDARD_HA", memory_gb = 2 }
  }

  assert {
    condition     = google_redis_instance.this[0].tier == "STANDARD_HA" && google_redis_instance.this[0].memory_size_gb == 2
    error_message = "Memorystore is not what was asked for."
  }

  assert {
    condition     = google_redis_instance.this[0].auth_enabled && google_redis_instance.this[0].transit_encryption_mode == "SERVER_AUTHENTICATION" && google_redis_instance.this[0].connect_mode == "PRIVATE_SERVICE_ACCESS"
    error_message = "Memorystore takes who brings no password, or what is not encrypted."
  }
}
