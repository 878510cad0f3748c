uri = URI("https://dev.azure.com/northwind/_apis/projects")
req = Net::HTTP::Get.new(uri)
req.basic_auth("", ENV["ADO_PAT"])
