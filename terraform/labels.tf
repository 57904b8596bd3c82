locals {
  labels = {
    environment         = var.environment
    owner               = var.owner
    cost-center         = var.cost_center
    application         = var.name
    data-classification = var.data_classification
  }

  is_production = var.environment == "prod"
}
