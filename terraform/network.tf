resource "google_compute_network" "this" {
  name                    = var.name
  auto_create_subnetworks = false

  depends_on = [google_project_service.needed]
}

resource "google_compute_subnetwork" "nodes" {
  name                     = "${var.name}-nodes"
  network                  = google_compute_network.this.id
  region                   = var.region
  ip_cidr_range            = var.nodes_cidr
  private_ip_google_access = true

  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = var.pods_cidr
  }

  secondary_ip_range {
    range_name    = "services"
    ip_cidr_range = var.services_cidr
  }

  log_config {
    aggregation_interval = "INTERVAL_10_MIN"
    flow_sampling        = 0.1
    metadata             = "EXCLUDE_ALL_METADATA"
  }
}

resource "google_compute_router" "this" {
  name    = var.name
  network = google_compute_network.this.id
  region  = var.region
}

# Nodes have no address of their own: this is their way out, and nobody's way in.
resource "google_compute_router_nat" "this" {
  name                                = var.name
  router                              = google_compute_router.this.name
  region                              = var.region
  nat_ip_allocate_option              = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat  = "ALL_SUBNETWORKS_ALL_IP_RANGES"
  enable_dynamic_port_allocation      = true
  enable_endpoint_independent_mapping = false
  min_ports_per_vm                    = 64
  max_ports_per_vm                    = 4096

  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}

resource "google_compute_firewall" "ssh" {
  count = local.has_vm ? 1 : 0

  name                    = "${var.name}-ssh-by-iap"
  network                 = google_compute_network.this.id
  direction               = "INGRESS"
  source_ranges           = ["35.235.240.0/20"] # Identity-Aware Proxy, documented by Google.
  target_service_accounts = [google_service_account.database[0].email]

  allow {
    protocol = "tcp"
    ports    = ["22"]
  }

  log_config {
    metadata = "INCLUDE_ALL_METADATA"
  }
}

resource "google_compute_firewall" "postgres" {
  count = local.has_vm ? 1 : 0

  name                    = "${var.name}-postgres-from-pods"
  network                 = google_compute_network.this.id
  direction               = "INGRESS"
  source_ranges           = [var.pods_cidr]
  target_service_accounts = [google_service_account.database[0].email]

  allow {
    protocol = "tcp"
    ports    = ["5432"]
  }

  log_config {
    metadata = "EXCLUDE_ALL_METADATA"
  }
}

# Where Google's own PostgreSQL and Redis live, on addresses inside our network.
resource "google_compute_global_address" "peering" {
  count = local.has_peering ? 1 : 0

  name          = "${var.name}-peering"
  network       = google_compute_network.this.id
  address_type  = "INTERNAL"
  purpose       = "VPC_PEERING"
  prefix_length = 20
  labels        = local.labels
}

resource "google_service_networking_connection" "peering" {
  count = local.has_peering ? 1 : 0

  network                 = google_compute_network.this.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.peering[0].name]
}
