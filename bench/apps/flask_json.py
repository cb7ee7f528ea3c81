"""A JSON answer of Flask: what a small API does."""

from flask import Flask, jsonify, request

application = Flask(__name__)


@application.get("/json")
def answer():
    page = request.args.get("page", default=1, type=int)
    books = [{"id": number, "title": f"book {number}", "price": number * 1.25} for number in range(10)]
    return jsonify(page=page, books=books)
