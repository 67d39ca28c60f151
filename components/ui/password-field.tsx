'use client';

import { useState, type ComponentProps } from 'react';
import { Button } from './button';
import { TextField } from './text-field';

/** A password, hidden until one asks to see it. */
export function PasswordField(props: Omit<ComponentProps<typeof TextField>, 'type' | 'beside'>) {
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      beside={
        <Button onClick={() => setShown(!shown)} aria-pressed={shown} aria-label="Show password" className="w-16">
          {shown ? 'Hide' : 'Show'}
        </Button>
      }
    />
  );
}
