Import-Module VSTeam
Set-VSTeamAccount -Account contoso -PersonalAccessToken $env:TEAM_PAT
Get-VSTeamProject
