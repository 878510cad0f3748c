import axios from 'axios';
const client = axios.create({
  baseURL: 'https://dev.azure.com/northwind',
  auth: { username: '', password: process.env.AZURE_PAT },
});
