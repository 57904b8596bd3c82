# For each of env/*.tfvars: terraform test -test-directory=tests/environment -var-file=env/prod.tfvars
mock_provider "google" {
  source = "./tests/mocks"
}

run "nothing_private_is_public_in_this_environment" {
  assert {
    condition     = alltrue([for one in google_compute_instance.database : alltrue([for each in one.network_interface : length(each.access_config) == 0])]) && alltrue([for one in google_sql_database_instance.this : !one.settings[0].ip_configuration[0].ipv4_enabled])
    error_message = "The database has a public address."
  }

  assert {
    condition     = local.cluster.private_cluster_config[0].enable_private_nodes && local.cluster.private_cluster_config[0].enable_private_endpoint
    error_message = "Nodes or the control plane have public addresses."
  }

  assert {
    condition     = local.cluster.deletion_protection == (var.environment == "prod") && alltrue([for one in google_sql_database_instance.this : one.deletion_protection == (var.environment == "prod")])
    error_message = "Production can be deleted, or something else cannot."
  }

  assert {
    condition     = local.labels == { environment = var.environment, owner = var.owner, cost-center = var.cost_center, application = var.name, data-classification = "confidential" }
    error_message = "A label is missing."
  }
}

run "labels_are_everywhere_in_this_environment" {
  assert {
    condition = alltrue([for one in concat(
      [local.cluster.resource_labels],
      [for each in google_container_node_pool.main : each.node_config[0].resource_labels],
      google_compute_instance.database[*].labels,
      google_compute_disk.database[*].labels,
      google_compute_address.database[*].labels,
      google_compute_resource_policy.database[*].snapshot_schedule_policy[0].snapshot_properties[0].labels,
      google_sql_database_instance.this[*].settings[0].user_labels,
      google_redis_instance.this[*].labels,
      google_compute_global_address.peering[*].labels,
      google_dns_managed_zone.public[*].labels,
      [for each in google_secret_manager_secret.kept : each.labels],
      [for each in google_monitoring_alert_policy.outside : each.user_labels],
      [for each in google_monitoring_notification_channel.email : each.user_labels],
      [
        google_artifact_registry_repository.images.labels,
        google_certificate_manager_certificate.chat.labels,
        google_certificate_manager_certificate_map.chat.labels,
        google_certificate_manager_certificate_map_entry.chat.labels,
        google_certificate_manager_dns_authorization.chat.labels,
        google_compute_global_address.public.labels,
        google_dns_managed_zone.inner.labels,
        google_monitoring_uptime_check_config.chat.user_labels,
        google_pubsub_subscription.rotation.labels,
        google_pubsub_topic.rotation.labels,
        google_storage_bucket.backup.labels,
      ],
    ) : one == tomap(local.labels)])
    error_message = "Something that is paid for says not whose it is."
  }
}
