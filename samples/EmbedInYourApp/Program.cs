using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

// An application that was there before: a page, a sign-in with a cookie.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();

// Define the policy "Hermes", and your own authentication decides who comes in. Who may not gets 401, not the sign-in page.
builder.Services.AddAuthorization(options => options.AddPolicy("Hermes", policy => policy.RequireClaim("team", "support")));
builder.Services.AddHermes();

var app = builder.Build();
app.MapGet("/", () => "The application that was there before.");
app.MapPost("/sign-in", async (HttpContext http) =>
{
    // Stands for the application's real sign-in.
    var identity = new ClaimsIdentity([new Claim("team", "support")], CookieAuthenticationDefaults.AuthenticationScheme);
    await http.SignInAsync(new ClaimsPrincipal(identity));
    return Results.NoContent();
});

// The whole API, below a prefix: /assistant/api/sessions, /assistant/v1/models, …
app.MapGroup("/assistant").MapHermesApi();
app.Run();
