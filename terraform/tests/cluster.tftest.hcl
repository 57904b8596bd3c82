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

run "autopilot_by_default" {
  command = plan

  assert {
    condition     = length(google_container_cluster.autopilot) == 1 && length(google_container_cluster.zonal) == 0 && length(google_container_node_pool.main) == 0
    error_message = "The default is not one Autopilot cluster."
  }

  assert {
    condition     = google_container_cluster.autopilot[0].enable_autopilot && google_container_cluster.autopilot[0].location == var.region
    error_message = "The cluster is no regional Autopilot cluster."
  }

  assert {
    condition     = google_container_cluster.autopilot[0].release_channel[0].channel == "REGULAR" && google_container_cluster.autopilot[0].gateway_api_config[0].channel == "CHANNEL_STANDARD" && google_container_cluster.autopilot[0].monitoring_config[0].managed_prometheus[0].enabled
    error_message = "A release channel, the Gateway API or Managed Prometheus is missing."
  }

  assert {
    condition     = !google_container_cluster.autopilot[0].deletion_protection
    error_message = "A cluster for trying things cannot be deleted."
  }
}

run "production_is_not_deleted" {
  command = plan

  variables {
    environment = "prod"
  }

  assert {
    condition     = google_container_cluster.autopilot[0].deletion_protection
    error_message = "The cluster can be deleted."
  }

  assert {
    condition     = google_compute_instance.database[0].deletion_protection && google_compute_disk.database[0].create_snapshot_before_destroy
    error_message = "The database's machine can be deleted, or its disk without a last snapshot."
  }

  assert {
    condition     = !google_storage_bucket.backup.force_destroy && google_storage_bucket.backup.retention_policy[0].retention_period == 35 * 86400 && alltrue([for one in google_secret_manager_secret.kept : one.deletion_protection])
    error_message = "Copies or secrets can be deleted."
  }
}

run "production_is_not_deleted_on_a_zonal_cluster_with_cloud_sql_either" {
  command = plan

  variables {
    environment = "prod"
    cluster     = "zonal"
    database    = "cloud-sql"
  }

  assert {
    condition     = google_container_cluster.zonal[0].deletion_protection && google_sql_database_instance.this[0].deletion_protection && google_sql_database_instance.this[0].settings[0].deletion_protection_enabled
    error_message = "The cluster or the database can be deleted."
  }
}

run "a_zonal_cluster_of_small_nodes_by_a_switch" {
  command = plan

  variables {
    cluster = "zonal"
  }

  assert {
    condition     = length(google_container_cluster.autopilot) == 0 && google_container_cluster.zonal[0].location == var.zone && google_container_cluster.zonal[0].remove_default_node_pool
    error_message = "The cluster is not zonal, or has a pool that nobody asked for."
  }

  assert {
    condition     = google_container_cluster.zonal[0].private_cluster_config[0].enable_private_nodes && google_container_cluster.zonal[0].private_cluster_config[0].enable_private_endpoint
    error_message = "Nodes or the control plane have public addresses."
  }

  assert {
    condition     = google_container_cluster.zonal[0].workload_identity_config[0].workload_pool == "aside-test.svc.id.goog" && google_container_cluster.zonal[0].datapath_provider == "ADVANCED_DATAPATH"
    error_message = "Workload Identity is off, or nothing enforces network policies."
  }

  assert {
    condition     = google_container_cluster.zonal[0].release_channel[0].channel == "REGULAR" && google_container_cluster.zonal[0].gateway_api_config[0].channel == "CHANNEL_STANDARD" && google_container_cluster.zonal[0].monitoring_config[0].managed_prometheus[0].enabled
    error_message = "A release channel, the Gateway API or Managed Prometheus is missing."
  }

  assert {
    condition     = keys(google_container_node_pool.main) == ["main"] && google_container_node_pool.main["main"].node_config[0].machine_type == "e2-small" && !google_container_node_pool.main["main"].node_config[0].spot
    error_message = "There is not one pool of lasting e2-small nodes."
  }

  assert {
    condition     = google_container_node_pool.main["main"].node_config[0].workload_metadata_config[0].mode == "GKE_METADATA" && google_container_node_pool.main["main"].node_config[0].metadata["disable-legacy-endpoints"] == "true"
    error_message = "Pods can read what belongs to the node."
  }

  assert {
    condition     = google_container_node_pool.main["main"].upgrade_settings[0].max_unavailable == 0 && google_container_node_pool.main["main"].upgrade_settings[0].max_surge == 1
    error_message = "An upgrade takes a node away before another is there."
  }
}

run "spot_nodes_for_chat_by_a_switch" {
  command = plan

  variables {
    cluster   = "zonal"
    spot_chat = true
  }

  assert {
    condition     = keys(google_container_node_pool.main) == ["main", "spot"] && google_container_node_pool.main["spot"].node_config[0].spot
    error_message = "There is no pool of spot nodes."
  }

  assert {
    condition     = [for one in google_container_node_pool.main["spot"].node_config[0].taint : "${one.key}=${one.value}:${one.effect}"] == ["cloud.google.com/gke-spot=true:NO_SCHEDULE"] && length(google_container_node_pool.main["main"].node_config[0].taint) == 0
    error_message = "Whatever does not ask for spot nodes lands on them."
  }

  assert {
    condition     = output.chat_nodes == tomap({ "cloud.google.com/gke-spot" = "true" })
    error_message = "The overlay is not told where chat runs."
  }
}

run "spot_pods_need_no_pool_on_autopilot" {
  command = plan

  variables {
    spot_chat = true
  }

  assert {
    condition     = length(google_container_node_pool.main) == 0 && output.chat_nodes == tomap({ "cloud.google.com/gke-spot" = "true" })
    error_message = "Autopilot has pools, or the overlay is not told where chat runs."
  }
}

run "cloud_cdn_wants_a_cluster_that_knows_its_filter" {
  command = plan

  variables {
    cdn = true
  }

  assert {
    condition     = google_container_cluster.autopilot[0].min_master_version == "1.35.2-gke.1751000" && output.cdn
    error_message = "The cluster may be too old for the filter that turns Cloud CDN on."
  }
}
