resource "google_compute_address" "database" {
  count = local.has_vm ? 1 : 0

  name         = "${var.name}-postgres"
  region       = var.region
  subnetwork   = google_compute_subnetwork.nodes.id
  address_type = "INTERNAL"
  labels       = local.labels
}

resource "google_compute_disk" "database" {
  # checkov:skip=CKV_GCP_37:Google's own keys encrypt it; a key of one's own is one more way to lose every word
  count = local.has_vm ? 1 : 0

  name                           = "${var.name}-postgres"
  zone                           = var.zone
  type                           = "pd-standard"
  size                           = var.database_disk_gb
  labels                         = local.labels
  create_snapshot_before_destroy = true
}

resource "google_compute_instance" "database" {
  # checkov:skip=CKV_GCP_38:Google's own keys encrypt its disks; a key of one's own is one more way to lose every word
  count = local.has_vm ? 1 : 0

  name                      = "${var.name}-postgres"
  zone                      = var.zone
  machine_type              = var.database_machine
  labels                    = local.labels
  deletion_protection       = local.is_production
  allow_stopping_for_update = true

  boot_disk {
    initialize_params {
      image  = "ubuntu-os-cloud/ubuntu-minimal-2404-lts-amd64"
      size   = 10
      type   = "pd-standard"
      labels = local.labels
    }
  }

  attached_disk {
    source      = google_compute_disk.database[0].id
    device_name = local.data_device
  }

  # No access_config: an address of its own would be a public one.
  network_interface {
    subnetwork = google_compute_subnetwork.nodes.id
    network_ip = google_compute_address.database[0].address
  }

  metadata = {
    enable-oslogin         = "TRUE"
    block-project-ssh-keys = "TRUE"
    serial-port-enable     = "FALSE"
    user-data              = local.database_start
  }

  service_account {
    email  = google_service_account.database[0].email
    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
  }

  shielded_instance_config {
    enable_secure_boot          = true
    enable_vtpm                 = true
    enable_integrity_monitoring = true
  }

  depends_on = [
    google_compute_router_nat.this,
    google_secret_manager_secret_iam_member.database,
    google_secret_manager_secret_version.database_password,
    google_storage_bucket_iam_member.database,
  ]

  lifecycle {
    # A newer image of the family must not take the machine away: it brings its own updates.
    ignore_changes = [boot_disk[0].initialize_params[0].image]
  }
}

locals {
  data_device = "postgres-data"

  database_start = local.has_vm ? templatefile("${path.module}/database/cloud-init.yaml.tftpl", {
    image           = var.database_image
    bucket          = google_storage_bucket.backup.name
    data_device     = local.data_device
    password_secret = google_secret_manager_secret.kept["database-password"].id
    backup_days     = var.backup_days
    scripts         = { for name in fileset("${path.module}/database", "*.sh") : name => base64encode(file("${path.module}/database/${name}")) }
  }) : null

  # By name, so that a promoted standby can take its place.
  database_host    = "postgres.${local.inner_zone}"
  database_address = local.has_vm ? google_compute_address.database[0].address : google_sql_database_instance.this[0].private_ip_address
}

resource "google_compute_resource_policy" "database" {
  count = local.has_vm ? 1 : 0

  name   = "${var.name}-postgres-daily"
  region = var.region

  snapshot_schedule_policy {
    schedule {
      daily_schedule {
        days_in_cycle = 1
        start_time    = "18:00"
      }
    }

    retention_policy {
      max_retention_days    = var.backup_days
      on_source_disk_delete = "KEEP_AUTO_SNAPSHOTS"
    }

    snapshot_properties {
      labels            = local.labels
      storage_locations = [lower(var.backup_location)]
    }
  }
}

resource "google_compute_disk_resource_policy_attachment" "database" {
  count = local.has_vm ? 1 : 0

  name = google_compute_resource_policy.database[0].name
  disk = google_compute_disk.database[0].name
  zone = var.zone
}

resource "google_service_account" "database" {
  count = local.has_vm ? 1 : 0

  account_id   = "${var.name}-postgres"
  display_name = "The machine of the database"

  depends_on = [google_project_service.needed]
}

resource "google_project_iam_member" "database" {
  for_each = local.has_vm ? toset(["roles/logging.logWriter", "roles/monitoring.metricWriter"]) : toset([])

  project = var.project_id
  role    = each.value
  member  = google_service_account.database[0].member
}

resource "google_secret_manager_secret_iam_member" "database" {
  count = local.has_vm ? 1 : 0

  secret_id = google_secret_manager_secret.kept["database-password"].id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.database[0].member
}

resource "google_compute_instance_iam_member" "operators" {
  for_each = local.has_vm ? var.operators : toset([])

  instance_name = google_compute_instance.database[0].name
  zone          = var.zone
  role          = "roles/compute.osAdminLogin"
  member        = each.value
}

resource "google_iap_tunnel_instance_iam_member" "operators" {
  for_each = local.has_vm ? var.operators : toset([])

  instance = google_compute_instance.database[0].name
  zone     = var.zone
  role     = "roles/iap.tunnelResourceAccessor"
  member   = each.value
}

# Who opens a shell there acts as the machine.
resource "google_service_account_iam_member" "operators" {
  for_each = local.has_vm ? var.operators : toset([])

  service_account_id = google_service_account.database[0].name
  role               = "roles/iam.serviceAccountUser"
  member             = each.value
}
