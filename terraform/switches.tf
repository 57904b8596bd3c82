locals {
  has_autopilot   = var.cluster == "autopilot"
  has_zonal       = var.cluster == "zonal"
  has_vm          = var.database == "vm"
  has_cloud_sql   = var.database == "cloud-sql"
  has_memorystore = var.redis == "memorystore"
  has_peering     = local.has_cloud_sql || local.has_memorystore
}
