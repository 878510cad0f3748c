withCredentials([usernamePassword(credentialsId: 'ado', usernameVariable: 'U', passwordVariable: 'P')]) {
  sh "git clone https://${U}:${P}@dev.azure.com/northwind/store/_git/api"
}
