@echo off
rem needs %ADO_PAT%
git clone https://%ADO_PAT%@contoso.visualstudio.com/DefaultCollection/widgets/_git/app
