"""What the center publishes (信息发布): announcements, policies, guides, the manual, forms, common questions."""
