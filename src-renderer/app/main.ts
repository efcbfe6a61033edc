import './configureZod.ts';
import './app.css';
import { mount } from 'svelte';
import { connection } from '../rpc/connection.svelte.ts';
import App from './App.svelte';

const target = document.querySelector('#app');
if (!target) throw new Error('index.html has no #app element.');

void connection.start();
mount(App, { target });
