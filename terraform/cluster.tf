locals {
  cluster = one(concat(google_container_cluster.autopilot, google_container_cluster.zonal))
}

# Two resources, not one with conditions: the provider refuses a zonal cluster's arguments beside enable_autopilot, even if they say no.
resource "google_container_cluster" "autopilot" {
  # checkov:skip=CKV_GCP_12:Autopilot enforces network policies, and the provider refuses the argument beside it
  # checkov:skip=CKV_GCP_61:the network's flow logs are on; the provider refuses enable_intranode_visibility beside Autopilot
  # checkov:skip=CKV_GCP_65:groups for RBAC need a Workspace domain, which an operator may not have; IAM decides instead
  # checkov:skip=CKV_GCP_66:images come from one registry that only the pipeline may write to
  # checkov:skip=CKV_GCP_69:Autopilot's nodes have the metadata server that belongs to pods, and no other
  count = local.has_autopilot ? 1 : 0

  name                = var.name
  location            = var.region
  enable_autopilot    = true
  deletion_protection = local.is_production
  min_master_version  = local.cluster_version
  resource_labels     = local.labels

  network    = google_compute_network.this.id
  subnetwork = google_compute_subnetwork.nodes.id

  ip_allocation_policy {
    cluster_secondary_range_name  = "pods"
    services_secondary_range_name = "services"
  }

  private_cluster_config {
    enable_private_nodes    = true
    enable_private_endpoint = true
  }

  # kubectl comes by a name that asks IAM first; no address of the control plane is open.
  control_plane_endpoints_config {
    dns_endpoint_config {
      allow_external_traffic = true
    }
  }

  master_authorized_networks_config {
    gcp_public_cidrs_access_enabled = false
  }

  master_auth {
    client_certificate_config {
      issue_client_certificate = false
    }
  }

  cluster_autoscaling {
    auto_provisioning_defaults {
      service_account = google_service_account.nodes.email
      oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
    }
  }

  release_channel {
    channel = var.release_channel
  }

  gateway_api_config {
    channel = "CHANNEL_STANDARD"
  }

  monitoring_config {
    managed_prometheus {
      enabled = true
    }
  }

  maintenance_policy {
    daily_maintenance_window {
      start_time = "19:00" # Four in the morning in Seoul.
    }
  }

  depends_on = [google_compute_router_nat.this, google_project_iam_member.nodes]
}

resource "google_container_cluster" "zonal" {
  # checkov:skip=CKV_GCP_12:Dataplane V2 enforces network policies; the older add-on that is looked for excludes it
  # checkov:skip=CKV_GCP_65:groups for RBAC need a Workspace domain, which an operator may not have; IAM decides instead
  # checkov:skip=CKV_GCP_66:images come from one registry that only the pipeline may write to
  # checkov:skip=CKV_GCP_69:the pool it would be of is removed; ours has GKE_METADATA
  count = local.has_zonal ? 1 : 0

  name                        = var.name
  location                    = var.zone
  deletion_protection         = local.is_production
  min_master_version          = local.cluster_version
  resource_labels             = local.labels
  remove_default_node_pool    = true
  initial_node_count          = 1
  datapath_provider           = "ADVANCED_DATAPATH"
  enable_shielded_nodes       = true
  enable_legacy_abac          = false
  enable_intranode_visibility = true

  network         = google_compute_network.this.id
  subnetwork      = google_compute_subnetwork.nodes.id
  networking_mode = "VPC_NATIVE"

  ip_allocation_policy {
    cluster_secondary_range_name  = "pods"
    services_secondary_range_name = "services"
  }

  private_cluster_config {
    enable_private_nodes    = true
    enable_private_endpoint = true
  }

  control_plane_endpoints_config {
    dns_endpoint_config {
      allow_external_traffic = true
    }
  }

  master_authorized_networks_config {
    gcp_public_cidrs_access_enabled = false
  }

  master_auth {
    client_certificate_config {
      issue_client_certificate = false
    }
  }

  workload_identity_config {
    workload_pool = "${var.project_id}.svc.id.goog"
  }

  release_channel {
    channel = var.release_channel
  }

  gateway_api_config {
    channel = "CHANNEL_STANDARD"
  }

  addons_config {
    http_load_balancing {
      disabled = false
    }
  }

  monitoring_config {
    enable_components = ["SYSTEM_COMPONENTS"]

    managed_prometheus {
      enabled = true
    }
  }

  maintenance_policy {
    daily_maintenance_window {
      start_time = "19:00"
    }
  }

  depends_on = [google_compute_router_nat.this, google_project_iam_member.nodes]
}

resource "google_container_node_pool" "main" {
  for_each = local.node_pools

  name               = each.key
  cluster            = google_container_cluster.zonal[0].id
  initial_node_count = each.value.min

  autoscaling {
    min_node_count = each.value.min
    max_node_count = var.zonal_nodes.max
  }

  management {
    auto_repair  = true
    auto_upgrade = true
  }

  # One more before one fewer: the readers of a drained node find another.
  upgrade_settings {
    max_surge       = 1
    max_unavailable = 0
  }

  node_config {
    machine_type    = var.zonal_machine
    image_type      = "COS_CONTAINERD"
    disk_size_gb    = 30
    disk_type       = "pd-standard"
    spot            = each.value.spot
    service_account = google_service_account.nodes.email
    oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
    resource_labels = local.labels

    metadata = {
      disable-legacy-endpoints = "true"
    }

    dynamic "taint" {
      for_each = each.value.spot ? [1] : []

      content {
        key    = "cloud.google.com/gke-spot"
        value  = "true"
        effect = "NO_SCHEDULE"
      }
    }

    workload_metadata_config {
      mode = "GKE_METADATA"
    }

    shielded_instance_config {
      enable_secure_boot          = true
      enable_integrity_monitoring = true
    }
  }

  lifecycle {
    # The autoscaler's affair after the first day.
    ignore_changes = [initial_node_count]
  }
}

locals {
  # GKE labels spot nodes by itself, on Autopilot too: one overlay chooses them in both.
  node_pools = local.has_zonal ? merge({ main = { spot = false, min = var.zonal_nodes.min } }, var.spot_chat ? { spot = { spot = true, min = 0 } } : {}) : {}
}
